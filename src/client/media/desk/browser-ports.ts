/** The machine as the files' worker finds it. */
import type { Locks } from '../../outbox/ports.ts';
import type { UploadLocks } from '../sending/sender.ts';

/** Web Locks; where there are none (an insecure origin), every tab is alone. */
export const browserUploadLocks = (locks: Locks): UploadLocks => ({
  ...locks,
  attempt: async (name, work) => {
    if (!('locks' in navigator)) {
      await work();
      return true;
    }
    return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await work();
      return lock !== null;
    });
  },
});
