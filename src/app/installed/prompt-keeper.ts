/** Keeps the browser's own installation prompt for a fitting moment; it may come long before the city is open. */

/** Chromium's event, which TypeScript's library does not know. */
export interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
  readonly userChoice: Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

export class PromptKeeper {
  #kept: InstallPrompt | undefined;
  #onchange: () => void = () => undefined;

  constructor(target: Pick<EventTarget, 'addEventListener'>) {
    target.addEventListener('beforeinstallprompt', (event) => {
      // Without this some browsers show a banner of their own, at first sight.
      event.preventDefault();
      this.#kept = event as InstallPrompt;
      this.#onchange();
    });
  }

  /** The browser would install now. */
  get isThere(): boolean {
    return this.#kept !== undefined;
  }

  /** Calls back when a prompt has come. */
  follow(onchange: () => void): void {
    this.#onchange = onchange;
  }

  /** Shows the browser's question, which it allows once. True: it installs. */
  async ask(): Promise<boolean> {
    const kept = this.#kept;
    this.#kept = undefined;
    if (!kept) return false;
    await kept.prompt();
    return (await kept.userChoice).outcome === 'accepted';
  }
}

let keeper: PromptKeeper | undefined;

/** This page's keeper; listens from the first call on. */
export const keepPrompt = (): PromptKeeper => (keeper ??= new PromptKeeper(window));
