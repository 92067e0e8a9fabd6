import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fakeEvent } from '../../../../tests/support/fake-city.ts';
import { plainCompressor } from '../../../../tests/support/profile-keys.ts';
import { openSealedHome } from '../../../../tests/support/sealed-home.ts';
import type { LocalEvent } from '../local-events.ts';
import { checkBackup } from './backup-check.ts';
import { formatHeader, MARK, parseHeader, parseManifest } from './backup-format.ts';
import { writeBackup } from './backup-writer.ts';
import { openBackup } from './opened-backup.ts';

const WORDS = 'three blue herons';
const history: LocalEvent[] = Array.from({ length: 120 }, (_, n) => ({
  type: 'RelayEventSeen',
  v: 1,
  relay: 'wss://a.test',
  event: fakeEvent({ kind: 9, content: `line ${n}`, created_at: 1_800_000_000 + n }),
}));
const texts = new Set(history.map((event) => JSON.stringify(event)));

const { disk, keys, store } = await openSealedHome();
await store.append(history);
await store.writeMeta('vault', { secret: 'x' });
store.close();
const written = await writeBackup(disk, { keys, passphrase: WORDS, now: 1, iterations: 1 });
if (!written.ok) throw new Error(written.error.code);
const whole = new Uint8Array(await written.value.arrayBuffer());

/** Opens and checks; what can be read must be what was written, whatever else happened. */
const judge = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => {
  const backup = await openBackup(new Blob([bytes]), WORDS, plainCompressor);
  if (!backup.ok) return backup.error.code;
  const findings = await checkBackup(backup.value);
  if (!findings.ok) return findings.error.code;
  let readable = 0;
  for await (const { values } of backup.value.chunks())
    for (const value of values ?? []) {
      expect(texts.has(JSON.stringify(value))).toBe(true);
      readable += 1;
    }
  const { report } = findings.value;
  expect(report.events).toBe(readable);
  if (report.isWhole) expect(readable).toBe(history.length);
  return report.isWhole ? 'whole' : 'parts';
};

test('the file as it was written is whole', async () => {
  expect(await judge(whole)).toBe('whole');
});

test('a byte changed anywhere: an answer, never a throw, never a word that was not written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const bytes = whole.slice();
      bytes[at] = (bytes[at] ?? 0) ^ by;
      expect(['whole', 'parts', 'foreign', 'newer', 'damaged']).toContain(await judge(bytes));
    }),
    { numRuns: 150 },
  );
});

test('a changed byte of a record is always noticed, and costs that record only', async () => {
  const begin = whole.length / 3;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: Math.ceil(begin), max: Math.floor(begin * 1.3) }), async (at) => {
      const bytes = whole.slice();
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      const backup = await openBackup(new Blob([bytes]), WORDS, plainCompressor);
      const findings = backup.ok ? await checkBackup(backup.value) : backup;
      expect(findings).toMatchObject({ ok: true, value: { report: { isSealed: true } } });
      if (findings.ok && !findings.value.report.isWhole)
        expect(findings.value.report.events).toBeGreaterThanOrEqual(history.length - 50);
    }),
    { numRuns: 40 },
  );
});

test('cut short anywhere: never whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
      expect(['parts', 'foreign', 'damaged']).toContain(await judge(whole.slice(0, length)));
    }),
    { numRuns: 100 },
  );
});

test('any bytes after the mark: an answer at once, whatever lengths they claim', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (noise) => {
      const bytes = new Uint8Array(MARK.length + 2 + noise.length);
      bytes.set(MARK);
      bytes[MARK.length + 1] = 1;
      bytes.set(noise, MARK.length + 2);
      expect(await judge(bytes)).toBe('damaged');
      expect(await judge(Uint8Array.from(noise))).toBe('foreign');
    }),
  );
});

test('what is no header or manifest is none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parseHeader(text)).toBeUndefined();
      expect(parseManifest(new TextEncoder().encode(text))).toBeUndefined();
    }),
  );
  const salt = new Uint8Array(16);
  const lock = {
    v: 1,
    kind: 'passphrase',
    id: '',
    salt,
    iterations: 600_000,
    iv: salt.slice(4),
    wrapped: new Uint8Array(48),
  } as const;
  const header = { profile: keys.profile, madeAt: 1, events: 2, lock };
  expect(parseHeader(formatHeader(header))).toEqual(header);
  for (const broken of [
    { ...header, profile: '../etc' },
    { ...header, madeAt: -1 },
    { ...header, events: 1.5 },
    { ...header, lock: { ...lock, iterations: 60_000_000 } },
    { ...header, lock: { ...lock, kind: 'device' as const, iterations: 0 } },
  ])
    expect(parseHeader(formatHeader(broken))).toBeUndefined();
});
