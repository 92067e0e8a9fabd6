/** `npm run retention [-- --dry-run]`: takes away what the city does not keep any longer, or tells what that would be. */
import type { Database } from '../db/database.ts';
import { openCityData } from '../operations/city-data.ts';
import { listDue, sweepDue } from '../operations/retention.ts';
import type { RetentionRules } from '../retention-rules.ts';
import { readConfig, stopWith } from './command.ts';

const words = {
  expired: 'expired',
  letter: 'letters past their time',
  removed: 'removed by somebody else than its author, past its time',
};

const tell = async (db: Database, now: number, rules: RetentionRules): Promise<void> => {
  const due = await listDue(db, now, rules);
  for (const { reason, kind, count, oldest } of due)
    console.log(`${count} of kind ${kind}: ${words[reason]}, the oldest of ${oldest} days`);
  if (due.length === 0) console.log('Nothing would go.');
  else console.log('Nothing was changed.');
};

const sweep = async (db: Database, now: number, rules: RetentionRules): Promise<void> => {
  const { expired, letter, removed } = await sweepDue(db, now, rules);
  console.log(`Gone: ${expired} expired, ${letter} letters, ${removed} removed before.`);
};

const [flag, ...rest] = process.argv.slice(2);
if ((flag !== undefined && flag !== '--dry-run') || rest.length > 0)
  stopWith('Say `npm run retention` or `npm run retention -- --dry-run`.');
else {
  const config = readConfig();
  const opened = await openCityData(config, { existing: true });
  if (!opened.ok) stopWith(opened.error.message);
  else {
    const now = Math.floor(Date.now() / 1000);
    await (flag ? tell : sweep)(opened.value.db, now, config.retention);
    await opened.value.close();
  }
}
