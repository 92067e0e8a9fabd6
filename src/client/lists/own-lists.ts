/**
 * The lists that a person keeps, open or sealed to themselves (NIP-51, NIP-78): fetched, opened, changed, sealed, written. What
 * cannot be opened is never written over.
 */
import type { Draft, NostrEvent, Tags } from '#protocol/event.ts';
import { parseSealedTags, sealedText } from '#protocol/lists/items.ts';
import type { ListItems } from '#protocol/lists/items.ts';
import { parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { City, Published, PublishFailure } from '../city/city.ts';
import { currentVersion, listKey, listsTable } from '../city/lists-table.ts';
import type { ListAddress } from '../city/lists-table.ts';
import { publishChanged } from '../city/merge.ts';
import type { Signer } from '../keys/signer.ts';
import { openSealed, sealFor } from './sealing.ts';
import type { SealFailure } from './sealing.ts';
import { itemsOf, readList } from './reading.ts';
import type { KnownList } from './reading.ts';
import { openedLists } from './tables.ts';

export interface OwnListsPorts {
  readonly city: City;
  /** Who is here and can sign and open; undefined: nobody, or locked. */
  readonly signer: () => Signer | undefined;
  readonly clock: Clock;
  /** Those that are followed, and opened as they come. */
  readonly lists: readonly ListAddress[];
}

/** `unreadable`: what stands there cannot be opened with this key; nothing was written. */
type ListFailure = PublishFailure | SealFailure;

/** Undefined: it stood there already. */
export type ListChanged = Result<Published | undefined, ListFailure>;

export interface ListState {
  readonly items: ListItems;
  /** `closed`: not opened yet; `unreadable`: this key cannot open it, and it will not be changed. */
  readonly standing: 'opened' | 'closed' | 'unreadable';
}

/** What becomes of the sealed text of a version; undefined: nothing. */
type Change = (version: NostrEvent | undefined, content: string) => Result<Writing | undefined, SealFailure>;

interface Writing {
  readonly open: Tags;
  readonly content: string;
}

export class OwnLists {
  readonly #ports: OwnListsPorts;
  /** Versions that this key cannot open. */
  readonly #unreadable = new Set<string>();
  #stop: () => void = () => undefined;
  #opening: Promise<void> | undefined;
  #isDue = false;

  constructor(ports: OwnListsPorts) {
    this.#ports = ports;
  }

  /** Follows the lists of whoever is here now; to be called again when somebody comes, goes or unlocks. */
  follow(pubkey: string | undefined): void {
    this.#stop();
    this.#stop = () => undefined;
    if (pubkey === undefined) return;
    const { city, lists } = this.#ports;
    const plain = lists.flatMap(({ kind, d }) => (d === undefined ? [kind] : []));
    const named = lists.flatMap(({ kind, d }) => (d === undefined ? [] : [{ kinds: [kind], '#d': [d] }]));
    const filters = [{ kinds: plain }, ...named].map((filter) => ({ ...filter, authors: [pubkey] }));
    const stops = [
      city.subscribe({ filters }),
      city.watch([{ table: listsTable.name, part: pubkey }], () => void this.#openAll()),
    ];
    this.#stop = () => stops.forEach((stop) => stop());
    void this.#openAll();
  }

  /** A list as this device knows it. A visitor has empty ones. */
  async read(list: ListAddress): Promise<ListState> {
    const known = await this.#known(list);
    const isUnreadable = this.#unreadable.has(known.version?.id ?? '');
    return {
      items: itemsOf(known),
      standing: known.isOpened ? 'opened' : isUnreadable ? 'unreadable' : 'closed',
    };
  }

  /** Calls back after a list of whoever is here may have changed. Returns the way to stop. */
  watch(list: ListAddress, changed: () => void): () => void {
    const pubkey = this.#ports.city.account?.pubkey ?? '';
    const watched = [
      { table: listsTable.name, part: pubkey },
      { table: openedLists.name, part: listKey(pubkey, list) },
    ];
    return this.#ports.city.watch(watched, changed);
  }

  /** Changes a list's items; the very same `open` and `sealed` tags mean that nothing has to be written. */
  change(list: ListAddress, change: (items: ListItems) => ListItems, title?: string): Promise<ListChanged> {
    const merge: Change = (version, content) => {
      const sealed = parseSealedTags(content);
      if (!sealed.ok) return unreadable(sealed.error);
      const before = { open: version?.tags ?? [], sealed: sealed.value };
      const after = change(before);
      const isSame = after.open === before.open && after.sealed === before.sealed;
      return ok(isSame ? undefined : { open: after.open, content: sealedText(after.sealed) });
    };
    return this.#write(list, merge, title);
  }

  /** Changes what a list says to everybody, and leaves what is sealed in it closed. The very same tags: nothing to write. */
  changeOpen(list: ListAddress, change: (tags: Tags) => Tags, title?: string): Promise<ListChanged> {
    const { city, clock } = this.#ports;
    return publishChanged(
      city,
      list,
      (version): Result<Draft | undefined, ListFailure> => {
        const before = version?.tags ?? [];
        const after = change(before);
        return ok(after === before ? undefined : draftOf(list, after, version?.content ?? ''));
      },
      { clock, ...(title === undefined ? {} : { title }) },
    );
  }

  /** What a sealed document says, as `parse` reads it; undefined where there is none, or it is not open here (yet). */
  async readJson<T>(list: ListAddress, parse: (value: unknown) => T | undefined): Promise<T | undefined> {
    const { content } = await this.#known(list);
    const json = content === '' ? undefined : parseJson(content);
    return json?.ok ? parse(json.value) : undefined;
  }

  /** Changes a sealed document (undefined: there is none yet) of at most 64 kB; undefined back means nothing has to be written. */
  changeJson(list: ListAddress, change: (value: unknown) => unknown): Promise<ListChanged> {
    return this.#write(list, (version, content) => {
      const json = content === '' ? ok(undefined) : parseJson(content);
      if (!json.ok) return unreadable(json.error);
      const after = change(json.value);
      return ok(
        after === undefined ? undefined : { open: version?.tags ?? [], content: JSON.stringify(after) },
      );
    });
  }

  async #write(list: ListAddress, change: Change, title?: string): Promise<ListChanged> {
    const { city, clock, signer: seat } = this.#ports;
    const signer = seat();
    if (!signer) return city.account ? fail('locked', 'Your account is locked on this device.') : noAccount();
    let text = '';
    const written = await publishChanged(
      city,
      list,
      async (version): Promise<Result<Draft | undefined, ListFailure>> => {
        const content = await openSealed(version?.content ?? '', signer);
        if (!content.ok) return content;
        const after = change(version, content.value);
        if (!after.ok || !after.value) return after as Result<undefined, SealFailure>;
        text = after.value.content;
        const sealed = await sealFor(text, signer);
        return sealed.ok ? ok(draftOf(list, after.value.open, sealed.value)) : sealed;
      },
      { clock, ...(title === undefined ? {} : { title }) },
    );
    if (written.ok && written.value) await this.#keep(list, written.value.event, text);
    return written;
  }

  #known(list: ListAddress): Promise<KnownList> {
    const { city } = this.#ports;
    const pubkey = city.account?.pubkey;
    return pubkey === undefined
      ? Promise.resolve({ content: '', isOpened: true })
      : readList(city, pubkey, list);
  }

  async #keep({ kind, d }: ListAddress, version: NostrEvent, content: string): Promise<void> {
    if (version.content === '') return;
    await this.#ports.city.record({
      ...{ type: 'ListOpened', v: 1, event: version.id, of: version.pubkey, kind },
      ...(d === undefined ? {} : { d }),
      ...{ at: version.created_at, content },
    });
  }

  async #openAll(): Promise<void> {
    this.#isDue = true;
    this.#opening ??= this.#openDue().finally(() => (this.#opening = undefined));
    await this.#opening;
  }

  async #openDue(): Promise<void> {
    while (this.#isDue) {
      this.#isDue = false;
      for (const list of this.#ports.lists) await this.#open(list);
    }
  }

  /** What a relay delivered is opened once; what cannot be opened now is tried again with the next change. */
  async #open(list: ListAddress): Promise<void> {
    const signer = this.#ports.signer();
    if (!signer) return;
    const row = await this.#ports.city.get(listsTable, listKey(signer.pubkey, list));
    const version = currentVersion(row);
    if (!version?.content || this.#unreadable.has(version.id)) return;
    if (await this.#ports.city.get(openedLists, version.id)) return;
    const content = await openSealed(version.content, signer);
    if (content.ok) return this.#keep(list, version, content.value);
    if (content.error.code === 'unreadable') this.#unreadable.add(version.id);
  }
}

const noAccount = () => fail('no-account', 'Join the conversation first.');

const unreadable = (cause: Failure) =>
  fail('unreadable', 'What stands there cannot be read. Nothing was changed.', cause);

const draftOf = ({ kind, d }: ListAddress, open: Tags, content: string): Draft => ({
  kind,
  content,
  tags: d === undefined || open.some(([name]) => name === 'd') ? open : [['d', d], ...open],
});
