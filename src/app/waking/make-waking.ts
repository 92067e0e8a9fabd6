/** Puts the parts of waking together for one page. */
import type { Engine } from '#client/engine/engine.ts';
import { within } from '#client/keys/within.ts';
import type { ProfileKeeper } from '#client/profiles/profile-keeper.ts';
import type { ProfileKeys } from '#client/store/profiles/profile-keys.ts';
import { DexieRegister } from '#client/store/profiles/profile-register.ts';
import { noteWakeTag } from '#client/store/profiles/wake-mark.ts';
import { systemClock } from '#shared/time.ts';
import { browserPush } from '#client/wake/browser-push.ts';
import { CardKeeper } from '#client/wake/card-keeper.ts';
import { PushDesk } from '#client/wake/push-desk.ts';
import { readWakes } from '#client/wake/wakes.ts';
import { Bell, Notices } from '#features/notifications/index.ts';
import type { Session } from '../session.svelte.ts';
import { Waking } from './waking.svelte.ts';
import type { WakingPorts } from './waking.svelte.ts';
import { wakingWindow } from './window.ts';

/** The profile of this browser that told the city last. */
const LAST_TAG = 'push-tag';
/** Milliseconds that somebody who leaves waits for a city that does not answer. */
const LEAVE_WITHIN = 3000;

interface Ground extends Pick<WakingPorts, 'places' | 'activity' | 'shunned'> {
  readonly engine: Engine;
  readonly session: Session;
  readonly keeper: ProfileKeeper;
  readonly keys: Pick<ProfileKeys, 'profile' | 'deviceKey'>;
}

export interface WakingParts {
  readonly notices: Notices;
  readonly bell: Bell;
  readonly waking: Waking;
  /** Somebody signs out: this device is not to be woken for them. */
  readonly leave: () => Promise<void>;
}

const deskOf = ({ engine, session, keys }: Ground): PushDesk =>
  new PushDesk(browserPush, {
    memory: {
      read: () => engine.readMeta('push'),
      write: (value) => engine.writeMeta('push', value),
    },
    noteTag: (tag) => noteWakeTag(new DexieRegister(), { id: keys.profile, deviceKey: keys.deviceKey }, tag),
    lastTag: {
      get: () => localStorage.getItem(LAST_TAG) ?? undefined,
      set: (tag) =>
        tag === undefined ? localStorage.removeItem(LAST_TAG) : localStorage.setItem(LAST_TAG, tag),
    },
    signer: () => (session.account ? session.signerOf(session.account.pubkey) : undefined),
    origin: location.origin,
    clock: session.clock,
  });

/** Everything about notifications that a page has. */
export const makeWaking = (ground: Ground): WakingParts => {
  const { engine, session, keeper, keys, places, activity, shunned } = ground;
  const notices = new Notices(session);
  const desk = deskOf(ground);
  const waking = new Waking({
    session,
    places,
    activity,
    notices,
    shunned,
    card: new CardKeeper((name, value) => engine.writeMeta(name, value)),
    profile: keys.profile,
    window: wakingWindow,
    clock: systemClock,
  });
  const bell = new Bell({
    desk,
    wants: () => waking.wants(),
    wakes: () => ('caches' in globalThis ? readWakes(caches) : Promise.resolve([])),
    turned: (isOn) => waking.turned(isOn),
    after: (ms, then) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
  });
  keeper.onlock((reason) => {
    if (reason === 'erased') void desk.forget();
  });
  const leave = async (): Promise<void> => {
    if (bell.isOn) await within(bell.turnOff(), LEAVE_WITHIN);
  };
  return { notices, bell, waking, leave };
};
