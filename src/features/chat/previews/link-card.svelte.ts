/** The card of the first web address in a line that is being written: asked for once, taken along, or taken away. */
/* eslint svelte/prefer-svelte-reactivity: off -- bookkeeping that no component reads */
import { untrack } from 'svelte';
import type { AskFailure, AskOptions, SeenPage } from '#client/media/previews/ask-preview.ts';
import type { PreparedFile } from '#client/media/media.ts';
import type { Attachment } from '#protocol/media/attachments.ts';
import type { LinkPreview } from '#protocol/media/previews.ts';
import type { Failure, Result } from '#shared/result.ts';
import { timeout } from '../talk/deeds.svelte.ts';
import type { After } from '../talk/deeds.svelte.ts';
import { addressIn } from './shown.ts';

/** Milliseconds without a key before an address counts as written. */
const STILL_MS = 700;
/** Pages that are remembered as long as the page lives. */
const MOST_SEEN = 30;

export interface LinkCardPorts {
  ask(url: string, options: AskOptions): Promise<Result<SeenPage, AskFailure>>;
  /** Keeps a picture for sending and says where it will lie. */
  offer(file: PreparedFile): Promise<Result<Attachment, Failure<string>>>;
  /** Gives up a picture that was kept and hangs on no line. */
  withdraw(file: Attachment): void;
  /** The person wants previews of what they send. */
  isOn(): boolean;
  /** In private talk: nobody is asked before the person says so, and no picture comes along. */
  readonly isPrivate: boolean;
  readonly after?: After;
}

/** `offered`: waits for the person's word; `none`: no address, nothing behind it, or not wanted. */
export type CardState = 'none' | 'offered' | 'asking' | 'ready';

export class LinkCard {
  state = $state<CardState>('none');
  page = $state.raw<SeenPage>();
  /** The address that it is about. */
  url = $state<string>();
  readonly #ports: LinkCardPorts;
  readonly #after: After;
  readonly #seen = new Map<string, SeenPage | undefined>();
  #isDismissed = false;
  #cancel: () => void = () => undefined;

  constructor(ports: LinkCardPorts) {
    this.#ports = ports;
    this.#after = ports.after ?? timeout;
  }

  /** As `look`, for an effect: nothing of the card itself calls it again. */
  follow(text: string): void {
    untrack(() => this.look(text));
  }

  /** The line as it stands now. An empty one is a new one. */
  look(text: string): void {
    if (text === '') this.#isDismissed = false;
    const url = this.#isDismissed || !this.#ports.isOn() ? undefined : addressIn(text);
    if (url === this.url) return;
    this.#cancel();
    this.url = url;
    this.page = undefined;
    this.state = 'none';
    if (url === undefined) return;
    if (this.#seen.has(url)) return this.#show(this.#seen.get(url));
    if (this.#ports.isPrivate) this.state = 'offered';
    else this.#cancel = this.#after(STILL_MS, () => void this.ask());
  }

  /** Asks the city. In private talk: the person's press. */
  async ask(): Promise<void> {
    const { url } = this;
    if (url === undefined) return;
    this.#cancel();
    const stop = new AbortController();
    this.#cancel = () => stop.abort();
    this.state = 'asking';
    const found = await this.#ports.ask(url, { picture: !this.#ports.isPrivate, signal: stop.signal });
    if (stop.signal.aborted) return;
    if (found.ok || found.error.code === 'nothing') this.#remember(url, found.ok ? found.value : undefined);
    this.#show(found.ok ? found.value : undefined);
  }

  /** Not on this line. */
  dismiss(): void {
    this.#isDismissed = true;
    this.look(this.url ?? ' ');
  }

  /** What goes with the line, whose words are these; its picture is kept for sending first. Never waits for a page. */
  async take(text: string): Promise<readonly LinkPreview[]> {
    const { page, url } = this;
    if (this.state !== 'ready' || !page || addressIn(text) !== url) return [];
    const { picture: file, ...words } = page;
    const kept = file && (await this.#ports.offer(file));
    return [kept?.ok ? { ...words, picture: kept.value } : words];
  }

  /** The line of these was not sent. */
  putBack(previews: readonly LinkPreview[]): void {
    for (const { picture } of previews) if (picture) this.#ports.withdraw(picture);
  }

  #show(page: SeenPage | undefined): void {
    this.page = page;
    this.state = page ? 'ready' : 'none';
  }

  #remember(url: string, page: SeenPage | undefined): void {
    if (this.#seen.size >= MOST_SEEN) this.#seen.clear();
    this.#seen.set(url, page);
  }
}
