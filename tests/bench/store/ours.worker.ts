/** Our sealed store, as the app has it. */
import { Course, expose } from './contestant.ts';
import type { Contestant } from './contestant.ts';
import { openOurStore, seen } from './our-store.ts';

const open = async (): Promise<Contestant> => {
  const store = await openOurStore(self.name);
  let held = 0;
  return {
    take: async (batch) => {
      const { appended } = await store.append(batch.map(seen));
      held += appended;
    },
    settle: () => store.checkpoint(),
    held: () => Promise.resolve(held),
  };
};

expose(new Course(open()));
