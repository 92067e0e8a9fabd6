/** Everything a screen may need, made once a page by `boot`, handed down by context. */
import { createContext } from 'svelte';
import type { Tasks } from '#client/city/tasks.svelte.ts';
import type { Engine } from '#client/engine/engine.ts';
import type { SealedPost } from '#client/direct/sealed-post.ts';
import type { Letters } from '#client/direct/letters.ts';
import type { Contacts } from '#client/lists/contacts.svelte.ts';
import type { OwnLists } from '#client/lists/own-lists.ts';
import type { Shunned } from '#client/lists/shunned/shunned.svelte.ts';
import type { MediaLoader } from '#client/media/loading/loader.ts';
import type { FileStreams } from '#client/media/streaming/file-streams.ts';
import type { MediaDesk } from '#client/media/media.ts';
import type { Miner } from '#client/mining/miner.ts';
import type { NameDesk } from '#client/names/name-desk.ts';
import type { OwnValues } from '#client/own-values/own-values.ts';
import type { ProfileKeeper } from '#client/profiles/profile-keeper.ts';
import type { TalkKeeper } from '#features/chat/index.ts';
import type { DeviceBook } from '#features/devices/index.ts';
import type { GroupMaker, Places } from '#features/groups/index.ts';
import type { AccountController } from '#features/identity/index.ts';
import type { MapController, PlaceOnMap } from '#features/map/index.ts';
import type { NameChecks, OwnPeople, PeopleBook } from '#features/people/index.ts';
import type { Bell, Notices } from '#features/notifications/index.ts';
import type { Settings } from '#features/settings/index.ts';
import type { ToastQueue } from '#ui/notices/toasts.svelte.ts';
import type { Theme } from '#ui/theme.svelte.ts';
import type { Activity } from './activity.svelte.ts';
import type { AwaySending } from './away-sending.svelte.ts';
import type { Layout } from './layout.svelte.ts';
import type { Uploads } from './sending/uploads.svelte.ts';
import type { Session } from './session.svelte.ts';
import type { OwnSync } from './syncing/own-sync.ts';
import type { Standings } from './talk/standings.svelte.ts';
import type { Unsent } from './unsent/unsent.svelte.ts';
import type { Waking } from './waking/waking.svelte.ts';
import type { Pace } from './work/pace.svelte.ts';
import type { Works } from './work/works.svelte.ts';

export interface Services {
  /** Starts the worker that makes files fit to leave. */
  readonly preparing: () => Worker;
  /** The profiles of this browser, and the lock of the open one. */
  readonly keeper: ProfileKeeper;
  readonly engine: Engine;
  readonly session: Session;
  readonly account: AccountController;
  /** Private talk on its way. */
  readonly letters: Letters;
  /** What the person keeps in lists: muted, blocked, contacts, sealed documents. */
  readonly lists: OwnLists;
  /** Whom and what the person does not want to meet. */
  readonly shunned: Shunned;
  /** People whom the person keeps. */
  readonly contacts: Contacts;
  /** Which private talks may be heard. */
  readonly standings: Standings;
  /** Files of private talk on their way. */
  readonly sealedPost: SealedPost;
  readonly settings: Settings;
  readonly people: PeopleBook;
  /** Names at the city's door, and which addresses are whose. */
  readonly nameDesk: NameDesk;
  readonly names: NameChecks;
  /** Values of one's own that all devices share, and what of them is about people. */
  readonly ownValues: OwnValues;
  readonly ownPeople: OwnPeople;
  /** Read marks, muting, drafts and settings follow. */
  readonly ownSync: OwnSync;
  readonly devices: DeviceBook;
  readonly places: Places;
  readonly activity: Activity;
  /** Sending while the app is closed. */
  readonly away: AwaySending;
  /** The door of sending files, and what is on its way. */
  readonly media: MediaDesk;
  readonly uploads: Uploads;
  /** What relays refused. */
  readonly unsent: Unsent;
  /** Places whose talk is kept whole on this device. */
  readonly keeping: TalkKeeper;
  /** What each place may tell of on this device. */
  readonly notices: Notices;
  /** Whether this device is woken at all. */
  readonly bell: Bell;
  readonly waking: Waking;
  /** A place in the making outlives its sheet. */
  readonly maker: GroupMaker;
  /** Pictures and files, for the eye. */
  readonly loader: MediaLoader;
  /** Addresses of sealed files, read while they arrive. */
  readonly streams: Pick<FileStreams, 'open'>;
  readonly miner: Miner;
  /** Short work. */
  readonly tasks: Tasks;
  /** Long work, which outlives the page. */
  readonly works: Works;
  readonly pace: Pace;
  readonly toasts: ToastQueue;
  readonly theme: Theme;
  readonly layout: Layout;
  readonly map: MapController;
}

export const [useServices, provideServices] = createContext<Services>();

/** Reactive: the places as the map draws them. */
export const [useScene, provideScene] = createContext<() => readonly PlaceOnMap[]>();
