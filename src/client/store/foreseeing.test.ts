import { expect, test } from 'vitest';
import { foresee } from './foreseeing.ts';
import type { LocalEvent } from './local-events.ts';
import type { Projection } from './projection.ts';
import { defineTable } from './table.ts';

interface Row {
  readonly id: string;
  readonly next?: string;
}
const first = defineTable<Row>({ name: 'first', id: (row) => row.id });
const second = defineTable<Row>({ name: 'second', id: (row) => row.id, part: () => 'p' });

const follows: Projection = {
  name: 'follows',
  version: 1,
  tables: [first, second],
  async project(rows, event) {
    if (event.type !== 'SettingChanged') return;
    if (event.name === 'bad') throw new Error('bad');
    await rows.all(first);
    await rows.part(second, { part: 'cut', limit: 1 });
    const row = await rows.get(first, event.name);
    if (row?.next) await rows.get(second, row.next);
    await rows.getMany(second, [`${event.name}1`, `${event.name}2`]);
    if ((await rows.count(second, 'p')) + (await rows.part(second, { part: 'p' })).length === 0)
      rows.delete(first, 'old');
    rows.put(first, { id: 'written' });
  },
};
const settings = (...names: string[]): LocalEvent[] =>
  names.map((name) => ({ type: 'SettingChanged', v: 1, name, value: 0 }));
const found = ({ ids }: Awaited<ReturnType<typeof foresee>>) =>
  Object.fromEntries([...ids].map(([table, ids]) => [table, [...ids].sort()]));

test('what a batch will ask for is known before', async () => {
  const foreseen = await foresee([follows], settings(...'abcdefgh'));
  expect(found(foreseen)['first']).toEqual([...'abcdefgh', 'old']);
  expect(found(foreseen)['second']).toHaveLength(16);
  expect(foreseen.parts).toEqual(new Map([['second', new Set(['p'])]]));
});

test('a projection that throws, or names a strange table, spoils nothing', async () => {
  const stray: Projection = { ...follows, name: 'stray', tables: [] };
  const foreseen = await foresee([stray, follows], settings('bad', ...'abcdefgh'));
  expect(found(foreseen)['first']).toEqual([...'abcdefgh', 'old']);
});

test('few events are not rehearsed', async () => {
  expect((await foresee([follows], settings('a', 'b'))).ids.size).toBe(0);
});
