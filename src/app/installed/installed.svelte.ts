/** The app as something installed, for one page: how it gets there, and its new versions. */
import { createContext } from 'svelte';
import { m } from '#messages/paraglide/messages.js';
import type { ToastQueue } from '#ui/notices/toasts.svelte.ts';
import { Composing } from './composing.ts';
import { InstallOffer, windowInstallPorts } from './install-offer.svelte.ts';
import { keepInstalled } from './installing.ts';
import { followLaunches } from './launched-files.ts';
import type { LaunchedFile } from './launched-files.ts';
import { keepPrompt } from './prompt-keeper.ts';
import { Updates } from './updates.ts';
import type { BeforeUpdate } from './updates.ts';
import { windowPorts } from './window-ports.ts';

/** Left alone, the new version comes with the next visit. */
const A_WHILE = 120_000; // ms

export class Installed {
  /** A newer version waits to be let in. */
  isWaiting = $state(false);
  /** Whether a place's unread lines are counted on the app's icon; muted ones are not. */
  counts = $state.raw<(id: string) => boolean>(() => true);
  readonly offer = new InstallOffer({ prompt: keepPrompt(), ...windowInstallPorts() });
  /** A file that was opened with the city, until it is taken; `unknown`: one that is none of ours. */
  launched = $state.raw<LaunchedFile | 'unknown' | undefined>();
  readonly #toasts: Pick<ToastQueue, 'show'>;
  readonly #updates: Updates;
  #letIn: () => void = () => undefined;

  constructor(toasts: Pick<ToastQueue, 'show'>) {
    this.#toasts = toasts;
    const composing = new Composing({
      events: document,
      isVisible: () => document.visibilityState === 'visible',
      now: () => performance.now(),
    });
    this.#updates = new Updates({
      ...windowPorts(),
      isBusy: () => composing.isBusy(),
      hasUnkept: () => composing.hasUnkept(),
      takeOver: () => this.#letIn(),
    });
  }

  /** Registers the service worker; once a page. */
  start(): void {
    this.#letIn = keepInstalled({
      onwaiting: () => this.#offer(),
      onreplaced: () => void this.#updates.replaced().then((isLeaving) => isLeaving || this.#offerAnew()),
    });
    followLaunches((file) => (this.launched = file ?? 'unknown'));
    // A part that is fetched when needed is gone with the version before.
    addEventListener('vite:preloadError', () => this.#offerAnew());
  }

  /** The launched file of a kind, if there is one. */
  fileOf(kind: LaunchedFile['kind']): File | undefined {
    return typeof this.launched === 'object' && this.launched.kind === kind ? this.launched.file : undefined;
  }

  /** Has something put away before a new version replaces the page; answers how to end that. */
  beforeUpdate = (hook: BeforeUpdate): (() => void) => this.#updates.beforeUpdate(hook);

  /** Takes the version that waits, unless somebody is writing. */
  async take(anyway = false): Promise<void> {
    const taking = await this.#updates.accept(anyway);
    if (taking === 'busy')
      this.#say(m.installed_update_busy(), m.installed_update_again(), () => void this.take(anyway));
    if (taking === 'unkept')
      this.#say(m.installed_update_unkept(), m.installed_update_anyway(), () => void this.take(true));
    if (taking === 'late')
      this.#say(m.installed_update_late(), m.installed_update_again(), () => void this.take(anyway));
  }

  #offer(): void {
    this.isWaiting = true;
    this.#say(m.shell_update_ready(), m.shell_update_take(), () => void this.take());
  }

  #offerAnew(): void {
    this.#say(m.installed_part_gone(), m.installed_part_anew(), () => void this.#updates.loadAnew());
  }

  #say(text: string, undoLabel: string, undo: () => void): void {
    this.#toasts.show({ text, undo, undoLabel, timeout: A_WHILE });
  }
}

export const [useInstalled, provideInstalled] = createContext<Installed>();
