/** Opens the city for one page: asks who it is, starts the workers, takes up the account. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Published } from '#client/city/city.ts';
import { Tasks } from '#client/city/tasks.svelte.ts';
import { Letters } from '#client/direct/letters.ts';
import type { LettersPorts } from '#client/direct/letters.ts';
import { acquaintances } from '#client/direct/tables.ts';
import { SealedPost } from '#client/direct/sealed-post.ts';
import { Contacts } from '#client/lists/contacts.svelte.ts';
import { Shunned } from '#client/lists/shunned/shunned.svelte.ts';
import { CityClock } from '#client/device/city-clock.ts';
import { connectEngine } from '#client/engine/connect.ts';
import type { Engine } from '#client/engine/engine.ts';
import { Vault } from '#client/keys/vault/vault.ts';
import { workerSealer } from '#client/keys/vault/worker-sealer.ts';
import { loadKernel } from '#client/mining/kernels/kernel-source.ts';
import type { KernelUrls } from '#client/mining/kernels/kernel-source.ts';
import { MinerPool, defaultWorkers } from '#client/mining/miner-pool.ts';
import { KeptRates } from '#client/mining/rate-memory.ts';
import { browserPower, browserWorkLocks, browserWorkNews } from '#client/mining/queue/browser-ports.ts';
import { WorkQueue } from '#client/mining/queue/work-queue.ts';
import { miningWorkerOf } from '#client/mining/worker-messages.ts';
import type { ProfileKeeper } from '#client/profiles/profile-keeper.ts';
import type { ProfileKeys } from '#client/store/profiles/profile-keys.ts';
import { heardLines, staysIn, TalkKeeper } from '#features/chat/index.ts';
import { GroupMaker, Places } from '#features/groups/index.ts';
import { AccountController } from '#features/identity/index.ts';
import type { MapController } from '#features/map/index.ts';
import { homesOf, PeopleBook } from '#features/people/index.ts';
import { Settings } from '#features/settings/index.ts';
import { m } from '#messages/paraglide/messages.js';
import { ToastQueue } from '#ui/notices/toasts.svelte.ts';
import type { Theme } from '#ui/theme.svelte.ts';
import { Activity } from './activity.svelte.ts';
import { AwaySending, browserAwayPorts } from './away-sending.svelte.ts';
import { makeLoader } from './media/make-loader.ts';
import { makeStreams } from './media/make-streams.ts';
import { keepTime, tellClock } from './clock/clock-news.ts';
import { askCity, CityNews, learnCity, relayOf } from './city-information.ts';
import type { Layout } from './layout.svelte.ts';
import { openUploads } from './sending/uploads.svelte.ts';
import { Session } from './session.svelte.ts';
import type { Services } from './services.ts';
import { letterDesks } from './private/letter-desks.ts';
import { Pace } from './work/pace.svelte.ts';
import { Dating } from './work/dating.ts';
import { Publishing } from './work/publishing.ts';
import { holdReins } from './work/reins.svelte.ts';
import { Unsent } from './unsent/unsent.svelte.ts';
import { describeMining } from './work/work-words.ts';
import { makeWaking } from './waking/make-waking.ts';
import { makeOwn } from './syncing/make-own.ts';
import { Standings } from './talk/standings.svelte.ts';
import { Works } from './work/works.svelte.ts';

/** Starts the workers; the routes know where their scripts lie. */
export interface WorkerYard {
  readonly preparing: () => Worker;
  readonly store: () => Worker;
  readonly mining: () => Worker;
  readonly media: () => Worker;
  readonly kernels: KernelUrls;
  readonly loading: () => Worker;
  readonly secrets: () => Worker;
  readonly letters: () => Worker;
}

/** What the page made before the city could answer. */
export interface Ground {
  readonly map: MapController;
  readonly layout: Layout;
  readonly theme: Theme;
  readonly yard: WorkerYard;
  /** What the device keeps is being brought up to date, after an update of the app. */
  readonly onprogress: (done: number, total: number) => void;
  /** A newer version of the app has taken the device's data over; nothing of this page works any more. */
  readonly onsuperseded: () => void;
}

/** `unreachable`: never been here and the city is silent; `storage`: the browser keeps nothing for us. */
export type BootFailure = Failure<'unreachable' | 'storage' | 'superseded'>;

/** Everything a screen needs, or why there is nothing. `keys` are those of the keeper's own profile. */
export const boot = async (
  ground: Ground,
  keeper: ProfileKeeper,
  keys: ProfileKeys,
): Promise<Result<Services, BootFailure>> => {
  const origin = location.origin;
  const news = new CityNews();
  const clock = new CityClock(localStorage);
  const known = await learnCity(origin, localStorage, (information) => news.tell(information), clock);
  if (!known.ok) return fail('unreachable', known.error.message, known.error);
  const relay = relayOf(origin);
  const opened = await connectEngine(
    ground.yard.store(),
    { relay, relayKey: known.value.self, keys },
    ground.onprogress,
  );
  if (!opened.ok) return opened;
  const engine = opened.value;
  engine.watchSuperseded(ground.onsuperseded);
  keeper.onclosing(() => engine.close());
  const tasks = new Tasks();
  const miner = new MinerPool({
    spawn: () => miningWorkerOf(ground.yard.mining()),
    kernel: () => loadKernel(ground.yard.kernels),
    rates: new KeptRates(localStorage),
    workers: () => settings.workers ?? defaultWorkers(),
  });
  const queue = new WorkQueue<Published>({
    miner,
    memory: memoryOf(engine, 'work'),
    locks: browserWorkLocks(),
    news: browserWorkNews('work'),
    power: browserPower(),
    clock,
    onlyWhileCharging: () => settings.isOnlyCharging,
    deliver: (event, { relays, instead, after }, signal) => {
      const signer = session.signerOf(event.pubkey);
      return signer
        ? publishing.deliver(event, signer, { relays, instead, after, signal })
        : Promise.resolve(fail('locked', 'Its account is not open on this device.'));
    },
  });
  const publishing: Publishing = new Publishing({
    engine,
    miner,
    tasks,
    work: queue,
    clock,
    pow: () => session.information.pow,
    describe: describeMining,
  });
  const session: Session = new Session({ relay, clock }, known.value, engine, publishing);
  news.follow((information) => (session.information = information));
  const settings: Settings = new Settings(session);
  const keeping = new TalkKeeper(session, {
    memory: memoryOf(engine, 'kept places'),
    locks: browserWorkLocks(),
    news: browserWorkNews(`kept places ${keys.profile}`),
    profile: keys.profile,
    tasks,
  });
  keeper.onclosing(() => keeping.stop());
  return ok(
    await furnish(ground, { keeper, engine, tasks, miner, queue, session, settings, keeping, clock }, keys),
  );
};

type Base = Pick<Services, 'keeper' | 'engine' | 'tasks' | 'session' | 'settings' | 'keeping'> & {
  readonly miner: MinerPool;
  readonly queue: WorkQueue<Published>;
  readonly clock: CityClock;
};

const furnish = async (ground: Ground, base: Base, keys: ProfileKeys): Promise<Services> => {
  const { engine, session, settings, queue, keeper } = base;
  const toasts = new ToastQueue();
  tellClock(base.clock, toasts, localStorage);
  keepTime(base.clock, () => askCity(location.origin, base.clock), {
    page: document,
    tab: window,
    isSeen: () => document.visibilityState === 'visible',
  });
  const people = new PeopleBook(session, { reach: () => (settings.isCityOnly ? 'city' : 'everywhere') });
  const places = new Places(session, { memory: memoryOf(engine, 'places') });
  const activity = new Activity(session);
  const standings = new Standings(session);
  standings.start();
  const own = makeOwn({
    ...{ session, toasts, clock: base.clock, alone: makeAlone() },
    memory: (name) => memoryOf(engine, name),
    leave: () => void account.signOut(),
  });
  const shunned = new Shunned(session, own.lists);
  const contacts = new Contacts(session, own.lists);
  const letters = makeLetters(base, ground.yard.letters, {
    mayKnow: (person) => !shunned.isBlocked(person),
    tells: (person, what) => settings.allows(PRIVACY[what], contacts.has(person)),
  });
  const away = new AwaySending(browserAwayPorts);
  const { leave, ...wakes } = makeWaking({ engine, session, keeper, keys, places, activity, shunned });
  const account = makeAccount(ground.yard, base, leave);
  const maker = new GroupMaker(session, {
    memory: memoryOf(engine, 'new place'),
    onmade: ({ name }) => toasts.show({ text: m.shell_place_made({ name }), tone: 'ok' }),
  });
  const {
    desk: media,
    uploads,
    close,
  } = openUploads(session, {
    keys,
    server: location.origin,
    start: ground.yard.media,
  });
  keeper.onclosing(close);
  const unsent = new Unsent({ city: session, toasts });
  const works = new Works(queue, toasts);
  const pace = new Pace(base.miner);
  await Promise.all([settings.start(), wakes.notices.start()]);
  await maker.restore();
  await queue.restore();
  await account.start();
  holdReins({ queue, works, pace, settings, session, maker });
  places.start();
  activity.start();
  unsent.start();
  void base.keeping.start();
  return {
    ...ground,
    ...base,
    ...wakes,
    preparing: ground.yard.preparing,
    loader: makeLoader(ground.yard.loading, session, keys, () => filesBound(settings)),
    streams: makeStreams(),
    toasts,
    people,
    places,
    activity,
    letters,
    ...own,
    shunned,
    contacts,
    standings,
    sealedPost: new SealedPost({ desk: media, letters }),
    away,
    media,
    uploads,
    unsent,
    account,
    maker,
    works,
    pace,
  };
};

/** Bytes that files one looked at may take: what the browser gives is known when it gives no more. */
const filesBound = (settings: Settings): number => settings.filesBound || Number.MAX_SAFE_INTEGER;

const memoryOf = (engine: Engine, name: string) => ({
  read: () => engine.readMeta(name),
  write: (value: unknown) => engine.writeMeta(name, value),
});

/** Which setting decides who learns what. */
const PRIVACY = { read: 'readReceipts', writing: 'showOnline' } as const;

interface Discretion extends Pick<LettersPorts, 'tells'> {
  /** False for people who are to learn nothing. */
  readonly mayKnow: (person: string) => boolean;
}

const makeAlone = () => {
  const locks = browserWorkLocks();
  return (name: string, work: () => Promise<void>) => locks.exclusive(name, work);
};

const makeLetters = (
  { session, engine, clock, settings }: Base,
  spawn: () => Worker,
  { mayKnow, ...discretion }: Discretion,
): Letters => {
  const dating = new Dating(clock);
  return new Letters({
    city: session,
    engine,
    signer: () => session.signerOf(session.account?.pubkey ?? ''),
    ...discretion,
    desk: letterDesks(spawn),
    alone: makeAlone(),
    clock,
    date: (draft, author) => dating.date(draft, author),
    heard: (talk, upTo) => heardLines(session, talk, upTo, session.account?.pubkey),
    stays: (talk) => staysIn(session, talk),
    homes: (person) => homesOf(session, person, settings.isCityOnly ? 'city' : 'everywhere'),
    confirms: async (person) => mayKnow(person) && (await session.get(acquaintances, person)) !== undefined,
  });
};

const makeAccount = (
  yard: WorkerYard,
  { keeper, engine, session, queue }: Base,
  leaving: () => Promise<void>,
): AccountController => {
  const sealer = workerSealer(yard.secrets);
  return new AccountController({
    city: session,
    seat: session,
    sealer,
    vault: new Vault(memoryOf(engine, 'vault'), sealer),
    setPassphrase: async (passphrase) => {
      const changed = await keeper.setPassphrase(passphrase);
      if (!changed.ok) throw new Error(changed.error.message);
    },
    leaving,
    wipe: async () => {
      await queue.close();
      await keeper.erase();
    },
    address: location.origin,
  });
};
