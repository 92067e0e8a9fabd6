import { describe, expect, test } from 'vitest';
import {
  parseThemeChoice,
  Theme,
  THEME_CHOICES,
  type ThemePort,
  type ThemeScene,
  type ThemeShown,
} from './theme.svelte.ts';

class FakePage implements ThemeScene {
  holds = new Set<string>();
  marked: ThemeShown | undefined;
  painted: string[] = [];
  listeners = new Set<() => void>();

  matches(query: string): boolean {
    return [...this.holds].some((word) => query.includes(word));
  }
  onchange(_query: string, changed: () => void): () => void {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  }
  mark(theme: ThemeShown | undefined): void {
    this.marked = theme;
  }
  paint(token: string): void {
    const dark = this.marked === 'dark' || (!this.marked && this.matches('dark'));
    this.painted.push(`${token} ${dark ? 'night' : 'day'}`);
  }
  turn(word: string): void {
    this.holds.add(word);
    for (const changed of this.listeners) changed();
  }
}

class FakeMemory implements ThemePort {
  kept: string | null;
  constructor(kept: string | null = null) {
    this.kept = kept;
  }
  get(): string | null {
    return this.kept;
  }
  set(choice: string): void {
    this.kept = choice;
  }
}

describe('theme', () => {
  test('follows the system until the person chooses', () => {
    const page = new FakePage();
    const theme = new Theme(new FakeMemory(), page);
    expect([theme.choice, theme.shown, page.marked, page.painted.at(-1)]).toEqual([
      'system',
      'light',
      undefined,
      '--color-paper day',
    ]);
    page.turn('dark');
    expect([theme.shown, page.marked, page.painted.at(-1)]).toEqual([
      'dark',
      undefined,
      '--color-paper night',
    ]);
  });

  test('more contrast wins over dark', () => {
    const page = new FakePage();
    page.holds = new Set(['dark', 'contrast']);
    expect(new Theme(new FakeMemory(), page).shown).toBe('contrast');
  });

  test('a choice is shown, painted and remembered, and the system no longer matters', () => {
    const page = new FakePage();
    const memory = new FakeMemory();
    const theme = new Theme(memory, page);
    theme.choose('dark');
    expect([page.marked, memory.kept, page.painted.at(-1)]).toEqual(['dark', 'dark', '--color-paper night']);
    page.turn('contrast');
    expect([theme.shown, page.marked]).toEqual(['dark', 'dark']);
    theme.choose('system');
    expect([theme.shown, page.marked, memory.kept]).toEqual(['contrast', undefined, 'system']);
  });

  test('starts with what was remembered', () => {
    const page = new FakePage();
    expect(new Theme(new FakeMemory('contrast'), page).shown).toBe('contrast');
    expect(page.marked).toBe('contrast');
  });

  test('stops listening', () => {
    const page = new FakePage();
    new Theme(new FakeMemory(), page).stop();
    expect(page.listeners.size).toBe(0);
  });
});

test('an unknown memory means the system', () => {
  for (const choice of THEME_CHOICES) expect(parseThemeChoice(choice)).toBe(choice);
  for (const text of [null, '', 'sepia', 'DARK']) expect(parseThemeChoice(text)).toBe('system');
});
