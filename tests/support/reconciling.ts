/** NIP-77 from the asker's side, whole. */
import type { Filter } from '#protocol/filters.ts';
import { ItemSet } from '#protocol/negentropy/item-set.ts';
import { continueReconciliation, openReconciliation } from '#protocol/negentropy/reconcile.ts';
import { bytesToHex, parseHex } from '#shared/bytes.ts';
import type { Client } from './client.ts';

let count = 0;

/** The ids that the relay has and an asker with nothing doesn't; a refusal throws the relay's words. */
export const idsByReconciling = async (asker: Client, filter: Filter): Promise<string[]> => {
  const id = `r${++count}`;
  const items = new ItemSet([]);
  const need: string[] = [];
  for (let frame = ['NEG-OPEN', id, filter, bytesToHex(openReconciliation(items))]; ;) {
    const answer = asker.later(([type, about]) => type.startsWith('NEG-') && about === id);
    asker.raw(JSON.stringify(frame));
    const [type, , words] = await answer;
    if (type === 'NEG-ERR') throw new Error(String(words));
    const bytes = parseHex(String(words));
    const step = bytes.ok && continueReconciliation(items, bytes.value, 60_000);
    if (!step || !step.ok) throw new Error('an answer that cannot be read');
    need.push(...step.value.need);
    if (!step.value.next) break;
    frame = ['NEG-MSG', id, bytesToHex(step.value.next)];
  }
  asker.raw(JSON.stringify(['NEG-CLOSE', id]));
  return need;
};
