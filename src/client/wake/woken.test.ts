import { beforeEach, expect, test } from 'vitest';
import { MemoryRegister } from '../../../tests/support/memory-register.ts';
import { fakeKey } from '../../../tests/support/fake-city.ts';
import { sealMoment } from '../profiles/last-active.ts';
import { makeProfile } from '../profiles/make-profile.ts';
import type { ProfileRecord } from '../store/profiles/profile-record.ts';
import { makeWakeTag, noteWakeTag } from '../store/profiles/wake-mark.ts';
import { makeDataKey } from '../store/seal/sealer.ts';
import { makeLock } from '../store/seal/lockbox.ts';
import { cardRecords } from './card.ts';
import { isAnybodyWoken, openByTag } from './woken.ts';
import type { WakeNotes, WokenPorts } from './woken.ts';

const NOW = 1_800_000_000_000;
let register: MemoryRegister;
let written: Map<string, unknown>;
let handed: Uint8Array[];
let isClosed: boolean;

beforeEach(() => {
  register = new MemoryRegister();
  written = new Map();
  handed = [];
  isClosed = false;
});

const notes: WakeNotes = {
  read: (prefix) =>
    Promise.resolve(
      new Map(
        [...written].flatMap(([name, value]) =>
          name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
        ),
      ),
    ),
  write: (name, value) => Promise.resolve(void written.set(name, value)),
  close: () => void (isClosed = true),
};
const ports = (): WokenPorts => ({
  register,
  notes: ({ dataKey }) => {
    handed.push(dataKey.slice());
    return Promise.resolve(notes);
  },
  now: () => NOW,
});

/** A profile that can be woken; `change` is what its person has set. */
const profile = async (
  change: (record: ProfileRecord) => Promise<Partial<ProfileRecord>> | Partial<ProfileRecord> = () => ({}),
) => {
  const record = await makeProfile({ register, iterations: 1 }, 0);
  const tag = makeWakeTag();
  await noteWakeTag(register, record, tag);
  const changed = await change(record);
  await register.change(record.id, (before) => [{ ...before, ...changed }, true]);
  return { id: record.id, tag };
};
const passphrase = (record: ProfileRecord) =>
  makeLock(makeDataKey(), { kind: 'passphrase', passphrase: 'x' }, record.id, 1);

test('a name that no profile has is a stranger’s', async () => {
  await profile();
  expect(await openByTag(makeWakeTag(), ports())).toEqual({ kind: 'stranger' });
  expect(handed).toEqual([]);
});

test('a profile that this browser opens by itself tells its card', async () => {
  await profile();
  const { id, tag } = await profile();
  const card = {
    relay: 'wss://city.test',
    pubkey: fakeKey('a1'),
    showsWords: true,
    seenUpTo: 5,
    places: [],
    shunned: { people: [], words: [] },
  };
  for (const [name, value] of cardRecords(card)) written.set(`wake ${name}`, value);
  const woken = await openByTag(tag, ports());
  expect(woken).toMatchObject({ kind: 'open', profile: id, card });
  expect(handed).toHaveLength(1);
  expect(handed[0]?.some((byte) => byte !== 0)).toBe(true);
});

test('what was told is remembered, the newest hundred', async () => {
  const { tag } = await profile();
  const idOf = (n: number): string => n.toString(16).padStart(64, '0');
  for (const round of [0, 1, 2]) {
    const woken = await openByTag(tag, ports());
    if (woken.kind !== 'open') throw new Error(woken.kind);
    expect(woken.told.size).toBe(Math.min(100, round * 60));
    await woken.tell(Array.from({ length: 60 }, (_, at) => idOf(round * 60 + at)));
    woken.close();
    expect(isClosed).toBe(true);
  }
  const last = await openByTag(tag, ports());
  expect(
    last.kind === 'open' && [last.told.has(idOf(179)), last.told.has(idOf(60)), last.told.has(idOf(0))],
  ).toEqual([true, true, false]);
});

test('a locked profile gives no key away', async () => {
  const { id, tag } = await profile(async (record) => ({ locks: [await passphrase(record)] }));
  expect(await openByTag(tag, ports())).toEqual({ kind: 'locked', profile: id });
  expect(handed).toEqual([]);
});

test('one that locks itself counts as locked once nobody has touched it for long enough', async () => {
  const locking = (seconds: number) => async (record: ProfileRecord) => ({
    locks: [...record.locks, await passphrase(record)],
    autoLock: 300 as const,
    lastActive: await sealMoment(record, NOW - seconds * 1000),
  });
  const late = await profile(locking(301));
  expect((await openByTag(late.tag, ports())).kind).toBe('locked');
  const early = await profile(locking(299));
  expect((await openByTag(early.tag, ports())).kind).toBe('open');
});

test('a lock that does not open is a locked profile', async () => {
  const other = await makeProfile({ register, iterations: 1 }, 0);
  const { tag } = await profile(() => ({ locks: other.locks }));
  expect((await openByTag(tag, ports())).kind).toBe('locked');
});

test('somebody can be woken while one profile has a name', async () => {
  expect(await isAnybodyWoken(register)).toBe(false);
  const { id } = await profile();
  expect(await isAnybodyWoken(register)).toBe(true);
  await register.bury(id);
  expect(await isAnybodyWoken(register)).toBe(false);
});
