/**
 * Long work that outlives the page: kept on this device, owned by one tab at a time, taken up by the next one.
 * Each item stands under a lock of its own for as long as a tab works on it; the browser lets go of it with the tab.
 */
import { bytesToHex } from '#shared/bytes.ts';
import { fail } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { UnsignedEvent } from '#protocol/event.ts';
import type { QueuePorts, WorkFailure } from './ports.ts';
import { isMined } from './work-item.ts';
import type { WorkItem } from './work-item.ts';
import { WorkList } from './work-list.ts';
import { Work } from './work.ts';
import type { WorkView } from './work.ts';

/** What is to be worked on. `hashes`: done before, of work that was cancelled and is wanted after all. */
export interface WorkWish extends Pick<WorkItem, 'slot' | 'title' | 'event' | 'bits'> {
  readonly relays?: readonly string[] | undefined;
  readonly instead?: string | undefined;
  readonly after?: readonly string[] | undefined;
  readonly hashes?: number;
  readonly signal?: AbortSignal | undefined;
}

const lockOf = (id: string): string => `work ${id}`;
const newId = (): string => bytesToHex(crypto.getRandomValues(new Uint8Array(12)));

/** The same words of the same person, whenever they were dated. */
const isSame = (a: UnsignedEvent, b: UnsignedEvent): boolean => sameness(a) === sameness(b);
const sameness = ({ pubkey, kind, tags, content }: UnsignedEvent): string =>
  JSON.stringify([pubkey, kind, tags.filter(([name]) => name !== 'nonce'), content]);

export class WorkQueue<Delivered> {
  readonly #ports: QueuePorts<Delivered>;
  readonly #list: WorkList;
  readonly #works = new Map<string, Work<Delivered>>();
  readonly #releases = new Map<string, () => void>();
  readonly #inLine = new Set<string>();
  readonly #watchers = new Set<(works: readonly WorkView[]) => void>();
  readonly #stops: (() => void)[];
  #isClosed = false;

  constructor(ports: QueuePorts<Delivered>) {
    this.#ports = ports;
    this.#list = new WorkList(ports.memory, ports.locks, ports.news);
    this.#stops = [ports.power.watch(() => this.look()), ports.news.hear(() => void this.restore())];
  }

  /** Takes up what no tab works on; stands in line for the rest, should its tab end. Resolves once the first is done. */
  async restore(): Promise<void> {
    const items = await this.#list.all().catch(() => []);
    await Promise.all(items.map((item) => this.#adopt(item)));
  }

  /**
   * Works on it until it is delivered, over reloads and pauses. The same words again join the work under way; other
   * words for the same slot take its place. Fails with `storage` when it cannot be kept.
   */
  async add(wish: WorkWish): Promise<Result<Delivered, WorkFailure>> {
    if (wish.signal?.aborted) return fail('cancelled', 'You stopped this.');
    const before = this.#inSlot(wish.slot);
    if (before && isSame(before.item.event, wish.event)) return this.#join(before, wish.signal);
    const work = this.#make(itemOf(wish, this.#ports.clock.now()));
    await before?.cancel();
    try {
      await this.#own(work.item.id, true);
      await this.#list.add(work.item);
      // Cancelled while it was being written down.
      if (!this.#works.has(work.item.id)) await this.#abandon(work.item.id);
    } catch (cause) {
      this.#forget(work.item.id);
      return fail('storage', 'This device could not keep this work. Free some space and try again.', cause);
    }
    const settled = this.#join(work, wish.signal);
    work.go();
    return settled;
  }

  pause(id: string): Promise<void> {
    return this.#works.get(id)?.pause() ?? Promise.resolve();
  }

  /** Goes on after a pause, or tries again after trouble. */
  resume(id: string): Promise<void> {
    return this.#works.get(id)?.resume() ?? Promise.resolve();
  }

  /** Ends it and removes it from this device; gives back what it was, so that it can be wanted after all. */
  async cancel(id: string): Promise<WorkItem | undefined> {
    const work = this.#works.get(id);
    await work?.cancel();
    return work?.item;
  }

  /** How this piece of work ends; undefined for one that this tab does not own. */
  settled(id: string): Promise<Result<Delivered, WorkFailure>> | undefined {
    return this.#works.get(id)?.settled;
  }

  /** Somebody has signed in: what waits for a signature is tried again. */
  wake(): void {
    for (const work of this.#works.values()) work.wake();
  }

  /** The charger or the wish about it has changed. */
  look(): void {
    for (const work of this.#works.values()) work.look();
  }

  /** Begins each piece anew where it stands: the number of workers has changed. */
  restart(): void {
    for (const work of this.#works.values()) work.restart();
  }

  /** Notes how far everything is: the page may end. */
  async flush(): Promise<void> {
    await Promise.all([...this.#works.values()].map((work) => work.save()));
  }

  /** Calls back with this tab's work, now and whenever it changes (at most as often as the miner reports). */
  watch(changed: (works: readonly WorkView[]) => void): () => void {
    this.#watchers.add(changed);
    changed(this.#views());
    return () => void this.#watchers.delete(changed);
  }

  /** Stops everything in this tab; the list stays for the next one, and nothing is written when it has resolved. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const closed = this.#list.close();
    for (const stop of this.#stops.splice(0)) stop();
    for (const [id, work] of this.#works) {
      work.leave();
      this.#release(id);
    }
    this.#works.clear();
    this.#tell();
    await closed;
  }

  async #adopt({ id }: WorkItem): Promise<void> {
    if (this.#works.has(id) || this.#inLine.has(id)) return;
    this.#inLine.add(id);
    if (await this.#own(id, false)) return this.#takeUp(id);
    void this.#own(id, true).then(() => this.#takeUp(id));
  }

  /** With the lock in hand: it may have been finished, changed or cancelled meanwhile. */
  async #takeUp(id: string): Promise<void> {
    const items = this.#isClosed ? [] : await this.#list.all().catch(() => []);
    const item = items.find((other) => other.id === id);
    this.#inLine.delete(id);
    if (!item || this.#isClosed || this.#works.has(id)) return this.#release(id);
    if (this.#inSlot(item.slot)) return this.#abandon(id);
    this.#make(item).go();
  }

  async #abandon(id: string): Promise<void> {
    await this.#list.remove(id).catch(() => undefined);
    this.#release(id);
  }

  #make(item: WorkItem): Work<Delivered> {
    const work: Work<Delivered> = new Work(item, this.#ports, this.#list, {
      changed: () => this.#tell(),
      over: () => this.#forget(item.id),
    });
    this.#works.set(item.id, work);
    this.#tell();
    return work;
  }

  #join(work: Work<Delivered>, signal: AbortSignal | undefined): Promise<Result<Delivered, WorkFailure>> {
    const stop = (): void => void work.cancel();
    signal?.addEventListener('abort', stop, { once: true });
    const { settled } = work;
    if (work.item.trouble) void work.resume();
    return settled.finally(() => signal?.removeEventListener('abort', stop));
  }

  async #own(id: string, wait: boolean): Promise<boolean> {
    const release = await this.#ports.locks.claim(lockOf(id), wait);
    if (release) this.#releases.set(id, release);
    return release !== undefined;
  }

  #release(id: string): void {
    this.#releases.get(id)?.();
    this.#releases.delete(id);
  }

  #forget(id: string): void {
    this.#works.delete(id);
    this.#release(id);
    this.#tell();
  }

  #inSlot(slot: string): Work<Delivered> | undefined {
    return [...this.#works.values()].find(({ item }) => item.slot === slot);
  }

  #views(): WorkView[] {
    return [...this.#works.values()].map(({ view }) => view);
  }

  #tell(): void {
    const views = this.#views();
    for (const changed of this.#watchers) changed(views);
  }
}

const itemOf = (
  { slot, title, event, bits, relays, instead, after, hashes = 0 }: WorkWish,
  begun: number,
): WorkItem => ({
  id: newId(),
  slot,
  title,
  event,
  bits,
  ...(relays ? { relays } : {}),
  ...(instead === undefined ? {} : { instead }),
  ...(after === undefined ? {} : { after }),
  hashes,
  begun,
  stage: isMined(event, bits) ? 'mined' : 'mining',
});
