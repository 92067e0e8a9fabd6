import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRumor } from '#protocol/direct/rumors.ts';
import { NOTE } from '#protocol/kinds.ts';
import { EDIT_WITHIN, makeEdit } from '#protocol/lines/edits.ts';
import { makeDeletion, makeLine } from '#protocol/messages.ts';
import { FakeCity, fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { chatProjection } from '../projection.ts';
import { conversations, lines } from './tables.ts';
import { earlierWords, edits } from './wording.ts';

const AT = 1_800_000_000;
const [BEN, EVE] = [fakeKey('b2'), fakeKey('e5')];
const make = () => new FakeCity({ projections: [chatProjection] });
const line = fakeEvent({
  ...makeLine({ group: 'plaza', kind: NOTE, text: 'At seven' }),
  created_at: AT,
  pubkey: BEN,
});
const edit = (text: string, after: number, pubkey = BEN, group = 'plaza') =>
  fakeEvent({ ...makeEdit(group, line.id, text), created_at: AT + after, pubkey });
const inTime = [edit('At eight', 60), edit('At nine', 120)] as const;

test('the newest words in time stand, in whatever order they came, and the earlier ones can be read', async () => {
  const wrong = [
    edit('By another', 180, EVE),
    edit('Too late', EDIT_WITHIN + 1),
    edit('From elsewhere', 240, BEN, 'bridge'),
    edit('Before it', -1),
  ];
  const all = [line, ...inTime, ...wrong];
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(all, { minLength: all.length }), async (arrived) => {
      const city = make();
      await city.deliver(...arrived);
      const row = await city.get(lines, line.id);
      expect(row).toMatchObject({ text: 'At nine', edited: { at: AT + 120, first: 'At seven' } });
      expect(row && (await earlierWords(city, row))).toEqual([
        { at: AT, text: 'At seven' },
        { at: AT + 60, text: 'At eight' },
      ]);
      expect(await city.get(conversations, 'plaza')).toMatchObject({
        lastText: 'At nine',
        lines: 1,
        unread: 1,
      });
    }),
    { numRuns: 30 },
  );
});

test('a line that is taken away takes all that it ever said with it, and what comes later', async () => {
  const city = make();
  const deletion = fakeEvent({ ...makeDeletion([line], 'plaza'), created_at: AT + 300, pubkey: BEN });
  await city.deliver(line, inTime[0], deletion, inTime[1]);
  expect(await city.get(lines, line.id)).toMatchObject({ text: '', deletedBy: BEN });
  expect((await city.get(lines, line.id))?.edited).toBeUndefined();
  const kept = await city.all(edits);
  expect(kept.map(({ text }) => text)).toEqual(['', '']);
});

test('words of one’s own show at once; where they are refused or given up, the line is as it was', async () => {
  const city = make();
  await city.deliver(line);
  const [first, second] = inTime;
  const text = async () => (await city.get(lines, line.id))?.text;
  await city.record({ type: 'EventSigned', v: 1, event: first, relays: [city.relay] });
  expect(await text()).toBe('At eight');
  await city.record({ type: 'EventRejected', v: 1, id: first.id, relay: city.relay, reason: 'blocked:' });
  expect(await text()).toBe('At seven');
  await city.record({ type: 'EventSigned', v: 1, event: second, relays: [city.relay] });
  await city.record({ type: 'EventDiscarded', v: 1, id: second.id });
  expect(await text()).toBe('At seven');
  await city.record({ type: 'EventSigned', v: 1, event: second, relays: [city.relay] });
  await city.record({ type: 'EventAccepted', v: 1, id: second.id, relay: city.relay, note: '' });
  await city.record({ type: 'EventDiscarded', v: 1, id: second.id });
  expect(await text()).toBe('At nine');
});

test('nobody words a private line anew from outside of it', async () => {
  const city = make();
  const me = fakeKey('a1');
  const to = [me];
  const rumor = makeRumor({ kind: 14, content: 'Between us', tags: [] }, { author: BEN, to, at: AT });
  await city.record({ type: 'WrapOpened', v: 1, wrap: fakeKey('01'), to: me, rumor });
  const outside = fakeEvent({ ...makeEdit(`~${BEN}`, rumor.id, 'Not so'), created_at: AT + 1, pubkey: BEN });
  await city.deliver(outside);
  expect((await city.get(lines, rumor.id))?.text).toBe('Between us');
  const draft = makeEdit('', rumor.id, 'Between friends');
  const inside = makeRumor(draft, { author: BEN, to, at: AT + 1 });
  await city.record({ type: 'WrapOpened', v: 1, wrap: fakeKey('02'), to: me, rumor: inside });
  expect((await city.get(lines, rumor.id))?.text).toBe('Between friends');
});
