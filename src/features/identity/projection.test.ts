import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currentVersion, listKey, listsTable, ownKeysTable } from '#client/city/lists-table.ts';
import type { LocalEvent } from '#client/store/local-events.ts';
import { MY_GROUPS, NOTE, PROFILE } from '#protocol/kinds.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { fakeEvent, fakeKey } from '../../../tests/support/fake-city.ts';
import { MemoryRows } from '../../../tests/support/memory-rows.ts';
import { BORN, identityTable, PROFILE_WANTED, RECOVERY_SAVED } from './keeping/tables.ts';
import { identityProjection } from './projection.ts';

const pubkey = fakeKey('a1');
const version = (created_at: number, content = '') =>
  fakeEvent({ kind: MY_GROUPS, pubkey, created_at, content });
const seen = (event: NostrEvent): LocalEvent => ({ type: 'RelayEventSeen', v: 1, event, relay: 'wss://a' });
const signed = (event: NostrEvent): LocalEvent => ({ type: 'EventSigned', v: 1, event, relays: ['wss://a'] });
const accepted = (id: string): LocalEvent => ({
  type: 'EventAccepted',
  v: 1,
  id,
  relay: 'wss://a',
  note: '',
});
const rejected = (id: string): LocalEvent => ({
  type: 'EventRejected',
  v: 1,
  id,
  relay: 'wss://b',
  reason: 'no',
});
const setting = (name: string, value: unknown): LocalEvent => ({ type: 'SettingChanged', v: 1, name, value });

const after = async (...events: LocalEvent[]) => {
  const rows = new MemoryRows([identityProjection]);
  await rows.apply(...events);
  return rows;
};
const current = async (rows: MemoryRows) =>
  currentVersion(await rows.get(listsTable, listKey(pubkey, MY_GROUPS)));

test('the newest version wins in whatever order relays deliver', async () => {
  const versions = [version(1), version(2), version(3, 'a'), version(3, 'b')];
  const dumps = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(versions, { minLength: 4, maxLength: 4 }), async (order) => {
      const rows = await after(...order.map(seen));
      dumps.add(JSON.stringify(rows.dump()));
      expect((await current(rows))?.created_at).toBe(3);
    }),
    { numRuns: 40 },
  );
  expect(dumps.size).toBe(1);
});

test('what is written here counts at once, until a relay refuses it', async () => {
  const mine = version(5);
  expect((await current(await after(seen(version(1)), signed(mine))))?.id).toBe(mine.id);
  const refused = await after(seen(version(1)), signed(mine), rejected(mine.id));
  expect((await current(refused))?.created_at).toBe(1);
});

test('one relay’s yes outweighs another’s no, whichever comes first', async () => {
  const mine = version(5);
  const first = await after(signed(mine), accepted(mine.id), rejected(mine.id));
  const second = await after(signed(mine), rejected(mine.id), accepted(mine.id));
  expect((await current(first))?.id).toBe(mine.id);
  expect((await current(second))?.id).toBe(mine.id);
});

test('giving a version up brings the one before back', async () => {
  const mine = version(5);
  const rows = await after(seen(version(1)), signed(mine), { type: 'EventDiscarded', v: 1, id: mine.id });
  expect((await current(rows))?.created_at).toBe(1);
});

test('lines are none of its business, nor are answers to them', async () => {
  const line = fakeEvent({ kind: NOTE, pubkey });
  const rows = await after(seen(line), signed(line), accepted(line.id), rejected('unknown'));
  expect(rows.dump()).toEqual([]);
});

test('a wanted profile waits until it is signed', async () => {
  const rows = await after(setting(PROFILE_WANTED, { pubkey, profile: { name: 'Ada' } }));
  expect((await rows.get(identityTable, pubkey))?.wanted).toEqual({ name: 'Ada' });
  await rows.apply(setting(RECOVERY_SAVED, { pubkey, at: 7 }));
  await rows.apply(signed(fakeEvent({ kind: PROFILE, pubkey })));
  expect(await rows.get(identityTable, pubkey)).toEqual({ pubkey, recoverySavedAt: 7 });
});

test('a birth is remembered', async () => {
  const rows = await after(setting(BORN, { pubkey, at: 9 }));
  expect(await rows.get(ownKeysTable, pubkey)).toEqual({ pubkey, bornAt: 9 });
});

test('settings of others and malformed ones change nothing', async () => {
  const rows = await after(
    setting('theme', 'dark'),
    setting(BORN, { pubkey: 'x', at: 1 }),
    setting(BORN, null),
    setting(RECOVERY_SAVED, { pubkey, at: 'never' }),
    setting(PROFILE_WANTED, { pubkey, profile: 'Ada' }),
  );
  expect(rows.dump()).toEqual([]);
});
