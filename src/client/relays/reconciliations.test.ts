import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ItemSet } from '#protocol/negentropy/item-set.ts';
import type { Item } from '#protocol/negentropy/item-set.ts';
import { answerReconciliation } from '#protocol/negentropy/reconcile.ts';
import { bytesToHex, parseHex } from '#shared/bytes.ts';
import { Reconciliations } from './reconciliations.ts';

const item = (n: number): Item => ({ at: 1000 + n, id: n.toString(16).padStart(64, '0') });
const items = (count: number, from = 0) => Array.from({ length: count }, (_, n) => item(from + n));
const idsOf = (some: readonly Item[]) => some.map(({ id }) => id);

beforeEach(() => vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => vi.useRealTimers());

type Frame = readonly [string, string, ...unknown[]];

/** A relay's end of the line: `answer` says what it does with a frame. */
const setUp = (answer: (frame: Frame, talks: Reconciliations) => void, canProve = false) => {
  const sent: Frame[] = [];
  const line = { isUp: true, proofs: 0 };
  const talks: Reconciliations = new Reconciliations({
    send: (text) => {
      if (!line.isUp) return false;
      const frame = JSON.parse(text) as Frame;
      sent.push(frame);
      queueMicrotask(() => answer(frame, talks));
      return true;
    },
    authenticate: () => {
      line.proofs += 1;
      return Promise.resolve(canProve);
    },
    now: () => Date.now(),
  });
  return { talks, sent, line };
};
const bytesOf = (hex: unknown): Uint8Array => {
  const parsed = parseHex(String(hex));
  if (!parsed.ok) throw new Error('not hex');
  return parsed.value;
};
const honest =
  (stored: readonly Item[]) =>
  (frame: Frame, talks: Reconciliations): void => {
    if (frame[0] === 'NEG-CLOSE') return;
    const said = answerReconciliation(new ItemSet(stored), bytesOf(frame.at(-1)), 4096);
    if (said.ok) talks.answered(frame[1], bytesToHex(said.value));
  };

test('both sides’ differences, and the relay is told when it is over', async () => {
  const { talks, sent } = setUp(honest(items(3000)));
  const answer = await talks.run({ kinds: [1] }, new ItemSet(items(3000, 40)));
  expect(answer).toMatchObject({ ok: true, value: { isWhole: true } });
  if (answer.ok) {
    expect([...answer.value.need].sort()).toEqual(idsOf(items(40)));
    expect([...answer.value.have].sort()).toEqual(idsOf(items(40, 3000)));
  }
  expect(sent[0]?.slice(0, 3)).toEqual(['NEG-OPEN', 'n1', { kinds: [1] }]);
  expect(sent.at(-1)).toEqual(['NEG-CLOSE', 'n1']);
  expect(talks.size).toBe(0);
});

test.each([
  ['a shrug', 'invalid: unknown message type'],
  ['strfry’s', 'ERROR: bad msg: negentropy disabled'],
])('a relay that knows nothing of it is not asked again on this connection (%s)', async (_, words) => {
  const { talks, sent } = setUp((frame, to) => frame[0] === 'NEG-OPEN' && to.noticed(words));
  for (let n = 0; n < 2; n++)
    expect(await talks.run({}, new ItemSet([]))).toMatchObject({ ok: false, error: { code: 'unsupported' } });
  expect(sent).toHaveLength(1);
  talks.opened();
  expect(await talks.run({}, new ItemSet([]))).toMatchObject({ ok: false });
  expect(sent).toHaveLength(2);
});

test('silence: whoever never answered does not speak it, whoever has is out of reach', async () => {
  let isMute = true;
  const { talks, sent } = setUp((frame, to) => !isMute && honest([])(frame, to));
  const never = talks.run({}, new ItemSet([]));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await never).toMatchObject({ error: { code: 'unsupported' } });
  expect(sent.at(-1)?.[0]).toBe('NEG-CLOSE');
  talks.opened();
  isMute = false;
  expect(await talks.run({}, new ItemSet([]))).toMatchObject({ ok: true });
  isMute = true;
  const later = talks.run({}, new ItemSet([]));
  talks.noticed('invalid: something about another message');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await later).toMatchObject({ error: { code: 'unreachable' } });
});

test('a key is proven once where the relay wants one', async () => {
  for (const canProve of [true, false]) {
    const { talks, line } = setUp((frame, to) => {
      if (frame[0] === 'NEG-OPEN' && line.proofs === 0) to.refused(frame[1], 'auth-required: who are you');
      else honest(items(3))(frame, to);
    }, canProve);
    const answer = await talks.run({}, new ItemSet([]));
    if (canProve) expect(answer).toMatchObject({ value: { need: idsOf(items(3)) } });
    else expect(answer).toMatchObject({ error: { code: 'refused', message: 'auth-required: who are you' } });
    expect(line.proofs).toBe(1);
  }
});

test.each([
  ['restricted: members only', 'refused'],
  ['blocked: this question is too big', 'unsupported'],
  ['nonsense', 'unsupported'],
])('NEG-ERR %s is %s', async (words, code) => {
  const { talks } = setUp((frame, to) => to.refused(frame[1], words));
  expect(await talks.run({}, new ItemSet([]))).toMatchObject({ error: { code, message: words } });
});

test.each([['zz'], ['61ff'], ['62'], ['']])('an answer that cannot be read (%j) ends it', async (hex) => {
  const { talks } = setUp((frame, to) => void to.answered(frame[1], hex));
  expect(await talks.run({}, new ItemSet(items(9)))).toMatchObject({ error: { code: 'unsupported' } });
});

test('a relay that always differs is broken off, with what was told until then', async () => {
  let rounds = 0;
  const { talks, sent } = setUp((frame, to) => {
    if (frame[0] === 'NEG-CLOSE') return;
    rounds += 1;
    // A fingerprint that can never be right, over everything.
    to.answered(frame[1], `61000001${'ab'.repeat(16)}`);
  });
  const answer = await talks.run({}, new ItemSet(items(500)));
  expect(answer).toMatchObject({ ok: true, value: { isWhole: false, need: [] } });
  expect(rounds).toBeLessThanOrEqual(400);
  expect(sent.at(-1)?.[0]).toBe('NEG-CLOSE');
});

test('a relay that names ids without end is believed up to a bound', async () => {
  let next = 0;
  const { talks } = setUp((frame, to) => {
    if (frame[0] === 'NEG-CLOSE') return;
    const list = idsOf(items(2000, next)).join('');
    next += 2000;
    // A list of ids up to time 1, and for all after it a fingerprint that can never be right.
    to.answered(frame[1], `61020002${'8f50'}${list}000001${'cd'.repeat(16)}`);
  });
  const answer = await talks.run({}, new ItemSet(items(100, 9_000_000)));
  expect(answer).toMatchObject({ ok: true, value: { isWhole: false } });
  if (answer.ok) expect(answer.value.need).toHaveLength(50_000);
});

test('a connection that is lost, or was never there', async () => {
  const { talks, line } = setUp(() => undefined);
  const cut = talks.run({}, new ItemSet([]));
  talks.lost();
  expect(await cut).toMatchObject({ error: { code: 'unreachable' } });
  line.isUp = false;
  expect(await talks.run({}, new ItemSet([]))).toMatchObject({ error: { code: 'unreachable' } });
  expect(talks.answered('n1', '61')).toBe(false);
  expect(talks.size).toBe(0);
});
