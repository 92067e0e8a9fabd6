/** The real window's side of an update: its name among the others, their channel, its reload. */
import type { UpdatePorts } from './updates.ts';

const CHANNEL = 'updates';
const LOCK = 'window ';
const RELOADED = 'reloaded for a version at';

type WindowPorts = Omit<UpdatePorts, 'isBusy' | 'hasUnkept' | 'takeOver'>;

/** Each open window holds a lock with its name: so the others know of it, and the browser lets go of it when the window ends. */
const othersOf = async (name: string): Promise<readonly string[]> => {
  const { held = [] } = await navigator.locks.query();
  return held.flatMap((lock) =>
    lock.name?.startsWith(LOCK) && lock.name !== `${LOCK}${name}` ? [lock.name.slice(LOCK.length)] : [],
  );
};

/** Names this window and listens to the others from now on. */
export const windowPorts = (): WindowPorts => {
  const name = crypto.randomUUID();
  void navigator.locks.request(`${LOCK}${name}`, () => new Promise(() => undefined));
  const channel = new BroadcastChannel(CHANNEL);
  return {
    name,
    post: (message) => channel.postMessage(message),
    listen: (hear) =>
      channel.addEventListener('message', ({ data }) => hear(data as Parameters<typeof hear>[0])),
    others: () => othersOf(name),
    after(ms, done) {
      const timer = setTimeout(done, ms);
      return () => clearTimeout(timer);
    },
    reload: () => location.reload(),
    reloadedAt: {
      get: () => Number(sessionStorage.getItem(RELOADED) ?? Number.NaN) || undefined,
      set: (at) => sessionStorage.setItem(RELOADED, String(at)),
    },
    now: () => Date.now(),
  };
};
