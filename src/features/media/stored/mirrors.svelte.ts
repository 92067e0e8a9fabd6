/** Other servers of a person's files: the public list of them (kind 10063), and what is kept there too. */
import type { City } from '#client/city/city.ts';
import { currentVersion, listKey, listsTable } from '#client/city/lists-table.ts';
import { publishMerged } from '#client/city/merge.ts';
import type { Mirroring } from '#client/media/servers/mirroring.ts';
import type { MediaDesk } from '#client/media/media.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { MEDIA_SERVERS } from '#protocol/kinds.ts';
import { makeMediaServers, parseMediaServers, preferMediaServer } from '#protocol/media/servers.ts';

/** A file that did not get there, and why. */
interface Missed {
  readonly hash: string;
  readonly words: string;
}

/** Keeping all files at one server, as far as it came. */
export interface MirrorRun {
  readonly server: string;
  readonly done: number;
  readonly all: number;
  readonly missed: readonly Missed[];
  readonly isOver: boolean;
}

/** Files that are on their way to one server at once. */
const AT_ONCE = 2;

export class Mirrors {
  /** Origins, the first asked first; the city is not among them. */
  servers = $state.raw<readonly string[]>([]);
  /** What hindered the last wish. */
  words = $state('');
  isBusy = $state(false);
  run = $state.raw<MirrorRun>();
  readonly #city: City;
  readonly #desk: Pick<MediaDesk, 'list'>;
  readonly #mirroring: Mirroring;
  readonly #home: string;
  readonly #unwatch: () => void;
  #stop = false;

  /** `home`: the city's own origin. */
  constructor(city: City, desk: Pick<MediaDesk, 'list'>, mirroring: Mirroring, home: string) {
    this.#city = city;
    this.#desk = desk;
    this.#mirroring = mirroring;
    this.#home = home;
    this.#unwatch = city.watch([{ table: listsTable.name }], () => void this.#load());
    void this.#load();
  }

  stop(): void {
    this.#stop = true;
    this.#unwatch();
  }

  /** Looks whether it is a server of files, then writes it down. True when it is in the list. */
  async add(address: string): Promise<boolean> {
    return this.#wish(async () => {
      const checked = await this.#mirroring.check(address);
      if (!checked.ok) return checked.error.message;
      // Whoever reads the list shall find the city in it too.
      return this.#publish((previous) => {
        const home = makeMediaServers({ server: this.#home, kept: true }, previous);
        return makeMediaServers({ server: checked.value, kept: true }, asPrevious(home, previous));
      });
    });
  }

  /** Takes it off the list; what lies there stays there. */
  async remove(server: string): Promise<boolean> {
    return this.#wish(() => this.#publish((previous) => makeMediaServers({ server, kept: false }, previous)));
  }

  /** Readers ask it before all others. */
  async prefer(server: string): Promise<boolean> {
    return this.#wish(() => this.#publish((previous) => preferMediaServer(server, previous)));
  }

  /** Has the server fetch everything that lies in the city, or these again; one run at a time. */
  async keepAllAt(server: string, only?: readonly string[]): Promise<void> {
    if (this.run?.isOver === false) return;
    this.words = '';
    this.run = { server, done: 0, all: only?.length ?? 0, missed: [], isOver: false };
    const listed = only ?? (await this.#hashes());
    if (!listed) {
      this.run = undefined;
      return;
    }
    this.run = { ...this.run, all: listed.length };
    const waiting = [...listed];
    const work = async (): Promise<void> => {
      for (let hash = waiting.shift(); hash !== undefined && !this.#stop; hash = waiting.shift())
        await this.#keepAt(server, hash);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    this.run = { ...this.run, isOver: true };
  }

  /** Tries those again that did not get there. */
  async again(): Promise<void> {
    const { run } = this;
    if (run?.isOver)
      await this.keepAllAt(
        run.server,
        run.missed.map(({ hash }) => hash),
      );
  }

  async #keepAt(server: string, hash: string): Promise<void> {
    const kept = await this.#mirroring.mirror(hash, server);
    const run = this.run;
    if (!run) return;
    this.run = kept.ok
      ? { ...run, done: run.done + 1 }
      : { ...run, missed: [...run.missed, { hash, words: kept.error.message }] };
  }

  async #hashes(): Promise<readonly string[] | undefined> {
    const listed = await this.#desk.list();
    if (!listed.ok) this.words = listed.error.message;
    return listed.ok ? listed.value.map(({ sha256 }) => sha256) : undefined;
  }

  async #wish(work: () => Promise<string | undefined>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.words = (await work()) ?? '';
    this.isBusy = false;
    return this.words === '';
  }

  /** Why it could not be written; undefined when it was. */
  async #publish(make: (previous: NostrEvent | undefined) => Draft): Promise<string | undefined> {
    const published = await publishMerged(this.#city, MEDIA_SERVERS, make);
    return published.ok ? undefined : published.error.message;
  }

  async #load(): Promise<void> {
    const person = this.#city.account?.pubkey;
    const row =
      person === undefined ? undefined : await this.#city.get(listsTable, listKey(person, MEDIA_SERVERS));
    const list = currentVersion(row);
    this.servers = (list ? parseMediaServers(list) : []).filter((server) => server !== this.#home);
  }
}

/** A draft taken for what was there before, so that a second change goes on from it. */
const asPrevious = ({ content, tags, kind }: Draft, previous: NostrEvent | undefined): NostrEvent => ({
  ...(previous ?? { id: '', pubkey: '', sig: '', created_at: 0 }),
  ...{ content, tags, kind },
});
