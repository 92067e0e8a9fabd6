import { createRawSnippet, type Component } from 'svelte';
import { render } from 'svelte/server';
import { describe, expect, test } from 'vitest';
import Button from './controls/Button.svelte';
import Choice from './controls/Choice.svelte';
import IconButton from './controls/IconButton.svelte';
import TabBar from './controls/TabBar.svelte';
import Tabs from './controls/Tabs.svelte';
import PassphraseField from './fields/PassphraseField.svelte';
import TextField from './fields/TextField.svelte';
import Avatar from './marks/Avatar.svelte';
import Badge from './marks/Badge.svelte';
import DeliveryMark from './marks/DeliveryMark.svelte';
import Progress from './notices/Progress.svelte';
import TaskTray from './sheets/TaskTray.svelte';

const words = (text: string) => createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));

type PropsOf<Part> = Part extends (internals: never, props: infer Props) => unknown ? Props : never;

/** The markup of a part, without Svelte's own comments. */
function markup<Part>(part: Part, props: PropsOf<Part>): string {
  const body = render(part as Component<Record<string, unknown>>, {
    props: props as Record<string, unknown>,
  }).body;
  return body.replaceAll(/<!--.*?-->/g, '');
}

function attribute(html: string, tag: string, name: string): string | undefined {
  return new RegExp(`<${tag}\\b[^>]*?\\s${name}="([^"]*)"`).exec(html)?.[1];
}

describe('Button', () => {
  test('is a button that submits nothing by itself', () => {
    expect(markup(Button, { children: words('Go') })).toMatch(/^<button[^>]*type="button"/);
  });
  test('is a link with an address', () => {
    const html = markup(Button, { href: '/map', children: words('Map') });
    expect(html).toMatch(/^<a [^>]*href="\/map"/);
    expect(html).not.toContain('type=');
  });
  test('under way it says so and can still be reached', () => {
    const html = markup(Button, { busy: true, children: words('Send') });
    expect(attribute(html, 'button', 'aria-busy')).toBe('true');
    expect(attribute(html, 'button', 'aria-disabled')).toBe('true');
    expect(html).not.toMatch(/<button[^>]*\sdisabled/);
  });
});

test('IconButton is named by its label, as name and as tooltip', () => {
  const html = markup(IconButton, { label: 'Close', children: words('x') });
  expect([attribute(html, 'button', 'aria-label'), attribute(html, 'button', 'title')]).toEqual([
    'Close',
    'Close',
  ]);
  expect(html).not.toContain('aria-pressed');
});

describe('TextField', () => {
  const html = markup(TextField, { label: 'Name', value: 'Ada', hint: 'Short', error: 'Taken' });
  test('wires its label', () => {
    expect(attribute(html, 'label', 'for')).toBe(attribute(html, 'input', 'id'));
  });
  test('is described by its error first, then its hint, and both are there', () => {
    const ids = (attribute(html, 'input', 'aria-describedby') ?? '').split(' ');
    expect(ids.map((id) => id.replace(/^.*-/, ''))).toEqual(['error', 'hint']);
    for (const id of ids) expect(html).toContain(`id="${id}"`);
    expect(attribute(html, 'input', 'aria-invalid')).toBe('true');
  });
  test('without error it is not invalid and describes nothing', () => {
    const plain = markup(TextField, { label: 'Name', value: '' });
    expect(plain).not.toContain('aria-invalid');
    expect(plain).not.toContain('aria-describedby');
  });
});

test('PassphraseField hides what is typed, and judges only a new one', () => {
  const fresh = markup(PassphraseField, { purpose: 'new', value: 'copper lantern river oats' });
  expect(fresh).toMatch(/<input(?=[^>]*type="password")(?=[^>]*autocomplete="new-password")/);
  expect(fresh).toContain('class="strength');
  const current = markup(PassphraseField, { purpose: 'current', value: '' });
  expect(current).toMatch(/<input(?=[^>]*type="password")(?=[^>]*autocomplete="current-password")/);
  // A password manager names it by the city, not by the text that happens to stand above.
  expect(attribute(current, 'input', 'autocomplete')).toBe('username');
  expect(current).not.toContain('class="strength');
});

test('Choice is a group of radios with one name', () => {
  const options = [
    { value: 'a', title: 'All', description: 'Everyone' },
    { value: 'b', title: 'Some', disabled: true },
  ];
  const html = markup(Choice, { legend: 'Who', value: 'a', options });
  expect(new Set([...html.matchAll(/name="([^"]+)"/g)].map((found) => found[1])).size).toBe(1);
  expect(html.match(/checked/g)).toHaveLength(1);
  expect(html).toContain('<legend');
});

test('Tabs: one is selected and reachable, and names the panel', () => {
  const tabs = [
    { id: 'a', label: 'A' },
    { id: 'b', label: 'B' },
  ];
  const html = markup(Tabs, { label: 'Rooms', tabs, value: 'b', panel: () => words('here') as never });
  expect(html.match(/aria-selected="true"/g)).toHaveLength(1);
  const panel = /role="tabpanel"[^>]*aria-labelledby="([^"]*)"/.exec(html)?.[1] ?? '';
  expect(panel).toMatch(/-tab-b$/);
  expect(html).toContain(`id="${panel}"`);
});

test('TabBar marks the page one is on', () => {
  const icon = Badge as unknown as Component;
  const items = [
    { href: '/', label: 'Map', icon, current: true },
    { href: '/you', label: 'You', icon, current: false, count: 0 },
  ];
  expect(markup(TabBar, { label: 'Rooms', items }).match(/aria-current="page"/g)).toHaveLength(1);
});

describe('Avatar', () => {
  test('is decoration without a name', () => {
    expect(markup(Avatar, { seed: 'a' })).toMatch(/^<span[^>]*aria-hidden="true"/);
  });
  test('is a picture with one', () => {
    const html = markup(Avatar, { seed: 'a', name: 'Ada' });
    expect(html).toMatch(/^<span[^>]*role="img"[^>]*aria-label="Ada"/);
  });
  test('shows a picture over the arms, waited for by nobody; an empty one is none', () => {
    const html = markup(Avatar, { seed: 'a', picture: '/api/media?x' });
    expect(html).toMatch(/<img[^>]*src="\/api\/media\?x"[^>]*alt=""[^>]*loading="lazy"[^>]*decoding="async"/);
    expect(html).toContain('</svg>');
    for (const picture of ['', undefined])
      expect(markup(Avatar, { seed: 'a', picture })).not.toContain('<img');
  });
  test('takes the first letter as people count letters', () => {
    expect(markup(Avatar, { seed: 'a', initial: '😀x' })).toMatch(/<text[^>]*>😀</);
  });
});

describe('Badge', () => {
  test('shows no more than its most, and says the words', () => {
    const html = markup(Badge, { label: '140 unread', count: 140 });
    expect(html).toContain('99+');
    expect(html).toContain('140 unread');
  });
  test('zero is nothing; no count is a dot', () => {
    expect(markup(Badge, { label: 'x', count: 0 })).toBe('');
    expect(markup(Badge, { label: 'x' })).toContain('dot');
  });
});

test('DeliveryMark draws a different shape and says different words for each state', () => {
  const states = ['pending', 'sent', 'delivered', 'read', 'failed'] as const;
  const drawn = states.map((state) => markup(DeliveryMark, { state }));
  const shape = (html: string): string =>
    (/<svg[^]*<\/svg>/.exec(html)?.[0] ?? '').replaceAll(/class="[^"]*"/g, '');
  expect(new Set(drawn.map(shape)).size).toBe(states.length);
  expect(new Set(drawn.map((html) => attribute(html, 'span', 'aria-label'))).size).toBe(states.length);
});

test('Progress stays between nothing and all, and promises nothing when it does not know', () => {
  expect(attribute(markup(Progress, { label: 'Up', value: 1.7 }), 'div', 'aria-valuenow')).toBe('100');
  expect(attribute(markup(Progress, { label: 'Up', value: -1 }), 'div', 'aria-valuenow')).toBe('0');
  expect(markup(Progress, { label: 'Up' })).not.toContain('aria-valuenow');
});

describe('TaskTray', () => {
  test('shows nothing without work', () => expect(markup(TaskTray, { tasks: [], open: true })).toBe(''));
  test('offers only what the task can do, by name', () => {
    const nothing = (): void => undefined;
    const html = markup(TaskTray, {
      open: true,
      tasks: [
        { id: 'a', title: 'Upload', state: 'running', progress: 0.5, oncancel: nothing, onresume: nothing },
      ],
    });
    expect([...html.matchAll(/aria-label="([^"]*Upload)"/g)].map((found) => found[1])).toEqual([
      'Cancel Upload',
    ]);
  });
});
