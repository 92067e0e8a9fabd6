/** nostr-idb: plain events in IndexedDB under its own indexes; no full text. */
import { addEvents, openDB } from 'nostr-idb';
import { Course, expose } from './contestant.ts';
import type { Contestant } from './contestant.ts';

type Database = Awaited<ReturnType<typeof openDB>>;

/** Its `addEvents` resolves before the transaction has; here the end of its last transaction is remembered. */
const watched = (database: Database): { database: Database; done: () => Promise<void> } => {
  let done: Promise<void> = Promise.resolve();
  const transaction = (...given: Parameters<Database['transaction']>) => {
    const begun = database.transaction(...given);
    done = begun.done;
    return begun;
  };
  const proxy = new Proxy(database, {
    get: (target, name) => (name === 'transaction' ? transaction : Reflect.get(target, name, target)),
  });
  return { database: proxy, done: () => done };
};

const open = async (): Promise<Contestant> => {
  const { database, done } = watched(await openDB('nostr-idb bench'));
  return {
    take: async (batch) => {
      await addEvents(
        database,
        batch.map(({ event }) => event as Parameters<typeof addEvents>[1][number]),
      );
      await done();
    },
    settle: () => Promise.resolve(),
    held: () => database.count('events'),
  };
};

expose(new Course(open()));
