/** The machine as the queue finds it in a page. */
import type { Power, WorkLocks, WorkNews } from './ports.ts';

/** Web Locks; where there are none (an insecure origin), every tab is alone. */
export const browserWorkLocks = (
  locks: LockManager | null = 'locks' in navigator ? navigator.locks : null,
): WorkLocks => {
  if (!locks) return { exclusive: (_name, work) => work(), claim: () => Promise.resolve(() => undefined) };
  return {
    exclusive: async (name, work) => locks.request(name, work),
    claim: (name, wait) =>
      new Promise((resolve, reject) => {
        const hold = (lock: Lock | null): Promise<void> | undefined => {
          if (!lock) return void resolve(undefined);
          return new Promise((release) => resolve(release));
        };
        locks.request(name, { ifAvailable: !wait }, hold).catch(reject);
      }),
  };
};

/** A channel among the tabs of this origin. */
export const browserWorkNews = (name: string): WorkNews => {
  const channel = new BroadcastChannel(name);
  return {
    tell: () => channel.postMessage('changed'),
    hear: (changed) => {
      channel.addEventListener('message', changed);
      return () => channel.removeEventListener('message', changed);
    },
  };
};

/** The part of a `BatteryManager` that is used; only Chromium has one. */
interface Battery extends EventTarget {
  readonly charging: boolean;
}
interface WithBattery {
  readonly getBattery?: () => Promise<Battery>;
}

/** The battery, asked once; unknown until it has answered, and for ever where there is no such question. */
export const browserPower = (device: WithBattery = navigator as WithBattery): Power => {
  const ears = new Set<() => void>();
  const tell = (): void => ears.forEach((changed) => changed());
  let battery: Battery | undefined;
  void device.getBattery?.().then(
    (found) => {
      battery = found;
      found.addEventListener('chargingchange', tell);
      tell();
    },
    () => undefined,
  );
  return {
    get charging() {
      return battery?.charging;
    },
    watch: (changed) => {
      ears.add(changed);
      return () => void ears.delete(changed);
    },
  };
};
