/** The theme of the page: what the person chose, what that shows now, and the two places that must know. */

/** What a person may choose. */
export const THEME_CHOICES = ['system', 'light', 'dark', 'contrast'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];
export type ThemeShown = Exclude<ThemeChoice, 'system'>;

/** Where the choice is remembered. */
export interface ThemePort {
  get(): string | null;
  set(choice: string): void;
}

/** What the theme sees and paints of the page. */
export interface ThemeScene {
  /** Does the media query hold now? */
  matches(query: string): boolean;
  /** Calls back when the answer to the query changes; returns the undoing. */
  onchange(query: string, changed: () => void): () => void;
  /** Sets or, with undefined, removes `<html data-theme>`. */
  mark(theme: ThemeShown | undefined): void;
  /** Paints the browser's own chrome in the present colour of a token. */
  paint(token: string): void;
}

const DARK = '(prefers-color-scheme: dark)';
const CONTRAST = '(prefers-contrast: more)';

/** Applies a choice to the page, keeps it in step with the system, remembers it. */
export class Theme {
  choice = $state<ThemeChoice>('system');
  shown = $state<ThemeShown>('light');

  readonly #port: ThemePort;
  readonly #scene: ThemeScene;
  readonly #undo: (() => void)[];

  constructor(port: ThemePort, scene: ThemeScene = pageScene()) {
    this.#port = port;
    this.#scene = scene;
    this.choice = parseThemeChoice(port.get());
    this.#undo = [DARK, CONTRAST].map((query) => scene.onchange(query, () => this.#apply()));
    this.#apply();
  }

  /** Shows and remembers a choice. */
  choose(choice: ThemeChoice): void {
    this.choice = choice;
    this.#port.set(choice);
    this.#apply();
  }

  /** Stops listening to the system. */
  stop(): void {
    for (const undo of this.#undo) undo();
  }

  #apply(): void {
    this.shown = this.choice === 'system' ? this.#system() : this.choice;
    this.#scene.mark(this.choice === 'system' ? undefined : this.choice);
    this.#scene.paint('--color-paper');
  }

  #system(): ThemeShown {
    if (this.#scene.matches(CONTRAST)) return 'contrast';
    return this.#scene.matches(DARK) ? 'dark' : 'light';
  }
}

/** Reads a remembered choice; anything unknown means to follow the system. */
export function parseThemeChoice(text: string | null): ThemeChoice {
  return THEME_CHOICES.find((choice) => choice === text) ?? 'system';
}

/** The real page. */
function pageScene(): ThemeScene {
  const root = document.documentElement;
  return {
    matches: (query) => matchMedia(query).matches,
    onchange(query, changed) {
      const media = matchMedia(query);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    mark(theme) {
      if (theme) root.dataset['theme'] = theme;
      else delete root.dataset['theme'];
    },
    // Reading a colour back is dear while the page is being drawn first; until then app.html's own tags hold.
    paint: (token) =>
      void whenIdle(() =>
        themeColorTag().setAttribute('content', plainColour(getComputedStyle(root).getPropertyValue(token))),
      ),
  };
}

/** A frame is drawn before anything that can wait; Safari knows no idleness. */
const whenIdle = (task: () => void): unknown =>
  'requestIdleCallback' in window ? requestIdleCallback(task, { timeout: 1_000 }) : setTimeout(task, 100);

/** Any CSS colour as `rgb(…)`: not every browser's chrome understands OKLCH, but every canvas does. */
function plainColour(colour: string): string {
  const pen = document.createElement('canvas').getContext('2d');
  if (!pen) return colour;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return `rgb(${red} ${green} ${blue})`;
}

/** The page's one tag: those that app.html painted for day and night before a choice was known make room. */
function themeColorTag(): HTMLMetaElement {
  const [found, ...others] = document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]');
  for (const other of others) other.remove();
  found?.removeAttribute('media');
  if (found) return found;
  const tag = document.createElement('meta');
  tag.name = 'theme-color';
  document.head.append(tag);
  return tag;
}
