/** Erasing a profile: its keys first, so that whatever is left of it can never be opened; then all the rest; the trace of it last. */
import { within } from '../keys/within.ts';
import type { KeeperPorts } from './ports.ts';

type ErasingPorts = Pick<KeeperPorts, 'register' | 'destroy' | 'sweep'>;

/** Another tab may keep a database open for ever. */
const LONGEST_MS = 10_000;

/** Erases what was buried and whose data may still be here; of the last profile everything. What fails is tried again by the next start. */
export const finishErasing = async ({ register, destroy, sweep }: ErasingPorts): Promise<void> => {
  const { profiles, buried } = await register.read();
  if (buried.length === 0) return;
  const isLast = profiles.length === 0;
  const ends = await Promise.all(buried.map((id) => within(destroy(id), LONGEST_MS)));
  if (isLast) await within(sweep(), LONGEST_MS);
  if (isLast && ends.every(({ ok }) => ok)) return register.destroy();
  for (const [at, id] of buried.entries()) if (ends[at]?.ok) await register.remove(id);
};
