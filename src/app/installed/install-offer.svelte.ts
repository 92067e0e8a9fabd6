/** Whether and how the city can be installed here, and when a person is asked: once they are at home in it, and seldom. */
import type { PromptKeeper } from './prompt-keeper.ts';

/** `prompt`: the browser asks; `ios`: by hand, in three steps; `menu`: perhaps in the browser's menu; `installed`: it is. */
export type InstallWay = 'prompt' | 'ios' | 'menu' | 'installed';

export interface InstallPorts {
  readonly prompt: Pick<PromptKeeper, 'isThere' | 'follow' | 'ask'>;
  /** This window is an installed app's. */
  readonly isInstalled: () => boolean;
  /** A browser on an iPhone or iPad, where only the person can do it. */
  readonly isApplePhone: () => boolean;
  /** Calls back once the browser has installed the app. */
  readonly oninstalled: (done: () => void) => void;
  /** When "not now" was said last, ms since 1970; kept on this device. */
  readonly declinedAt: { get(): number | undefined; set(at: number): void };
  readonly now: () => number;
  readonly after: (ms: number, done: () => void) => () => void;
}

/** "Not now" holds for a season. */
const A_GOOD_WHILE_MS = 90 * 86_400_000;
/** After joining or writing: the hands come to rest first. */
const REST_MS = 4_000;
/** Somebody who was at home here before is not met at the door. */
const LATER_MS = 90_000;

export class InstallOffer {
  way = $state<InstallWay>('menu');
  /** The question stands on the screen. */
  isShown = $state(false);
  readonly #ports: InstallPorts;
  #wasAsked = false;
  #stop: () => void = () => undefined;

  constructor(ports: InstallPorts) {
    this.#ports = ports;
    ports.prompt.follow(() => this.#look());
    ports.oninstalled(() => {
      this.way = 'installed';
      this.isShown = false;
    });
    this.#look();
  }

  /** The person is at home here: they joined a place or wrote a line, just now or before this visit. */
  settle(when: 'now' | 'before'): void {
    this.#stop();
    this.#stop = this.#ports.after(when === 'now' ? REST_MS : LATER_MS, () => this.#offer());
  }

  /** Asks the browser, which asks the person. */
  async install(): Promise<void> {
    this.isShown = false;
    if (await this.#ports.prompt.ask()) this.way = 'installed';
    else {
      this.#decline();
      this.#look();
    }
  }

  /** Not now, and not again for a good while. */
  decline(): void {
    this.isShown = false;
    this.#decline();
  }

  #decline(): void {
    this.#ports.declinedAt.set(this.#ports.now());
  }

  #look(): void {
    const { prompt, isInstalled, isApplePhone } = this.#ports;
    if (this.way === 'installed' || isInstalled()) this.way = 'installed';
    else this.way = prompt.isThere ? 'prompt' : isApplePhone() ? 'ios' : 'menu';
  }

  #offer(): void {
    const { declinedAt, now } = this.#ports;
    const isSoon = Math.abs(now() - (declinedAt.get() ?? -Infinity)) < A_GOOD_WHILE_MS;
    if (this.#wasAsked || isSoon || (this.way !== 'prompt' && this.way !== 'ios')) return;
    this.#wasAsked = true;
    this.isShown = true;
  }
}

/** The real window's side. */
export const windowInstallPorts = (): Omit<InstallPorts, 'prompt'> => ({
  isInstalled: () =>
    ['standalone', 'window-controls-overlay', 'minimal-ui', 'fullscreen'].some(
      (mode) => matchMedia(`(display-mode: ${mode})`).matches,
    ) ||
    ('standalone' in navigator && navigator.standalone === true),
  // iPads call themselves Macs, but no Mac has fingers on its screen.
  isApplePhone: () =>
    /iPhone|iPad|iPod/.test(navigator.userAgent) ||
    (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1),
  oninstalled: (done) => addEventListener('appinstalled', done),
  declinedAt: {
    get: () => Number(localStorage.getItem(DECLINED) ?? Number.NaN) || undefined,
    set: (at) => localStorage.setItem(DECLINED, String(at)),
  },
  now: () => Date.now(),
  after(ms, done) {
    const timer = setTimeout(done, ms);
    return () => clearTimeout(timer);
  },
});
const DECLINED = 'installation declined at';
