import { expect, test, vi } from 'vitest';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { answerPreparing } from './answering.ts';
import type { FromPreparing, PreparingPort, ToPreparing } from './messages.ts';
import { Preparer } from './preparer.ts';
import type { Prepared, PrepareFailure, PrepareOptions } from './prepared.ts';

type Outcome = Result<Prepared, PrepareFailure>;

/** Both ends of a worker, with a hand on what happens in it. */
const workshop = (prepare: (file: Blob, name: string, options: PrepareOptions) => Promise<Outcome>) => {
  const ports: { end: () => void; isEnded: boolean }[] = [];
  const spawn = (): PreparingPort => {
    const ears: ((event: MessageEvent<FromPreparing>) => void)[] = [];
    const ends: ((event: Event) => void)[] = [];
    const port = { isEnded: false, end: () => ends.forEach((hear) => hear(new Event('error'))) };
    const hear = answerPreparing(prepare, (data) => {
      if (!port.isEnded) for (const ear of ears) ear({ data } as MessageEvent<FromPreparing>);
    });
    ports.push(port);
    return {
      postMessage: (message: ToPreparing) => queueMicrotask(() => hear(message)),
      addEventListener: (type: 'message' | 'error', listen: never) =>
        void (type === 'message' ? ears : ends).push(listen),
      terminate: () => (port.isEnded = true),
    };
  };
  return { preparer: new Preparer(spawn), ports };
};

const wishes = (signal = new AbortController().signal) => ({ audience: 'open' as const, signal });
const done = (file: Blob, name: string): Outcome => ok({ file: { body: file, type: 'image/png', name } });

test('files are prepared one after the other, each tells its progress', async () => {
  const under: string[] = [];
  let most = 0;
  const { preparer, ports } = workshop(async (file, name, { onprogress }) => {
    under.push(name);
    most = Math.max(most, under.length);
    onprogress(0.5);
    await new Promise((resolve) => setTimeout(resolve, 2));
    under.pop();
    return done(file, name);
  });
  const parts: number[] = [];
  const all = ['a', 'b', 'c'].map((name) =>
    preparer.prepare(new Blob([name]), name, { ...wishes(), onprogress: (part) => parts.push(part) }),
  );
  expect((await Promise.all(all)).map((each) => each.ok && each.value.file.name)).toEqual(['a', 'b', 'c']);
  expect(most).toBe(1);
  expect(parts).toEqual([0.5, 0.5, 0.5]);
  expect(ports).toHaveLength(1);
});

test('whoever stops hears it at once; the next one goes on', async () => {
  const { preparer } = workshop(async (file, name, { signal }) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return signal.aborted ? fail('stopped', 'stopped') : done(file, name);
  });
  const abort = new AbortController();
  const first = preparer.prepare(new Blob(['a']), 'a', wishes(abort.signal));
  const second = preparer.prepare(new Blob(['b']), 'b', wishes());
  abort.abort();
  expect(await first).toMatchObject({ ok: false, error: { code: 'stopped' } });
  expect(await second).toMatchObject({ ok: true });
  expect(await preparer.prepare(new Blob(), 'c', wishes(abort.signal))).toMatchObject({ ok: false });
});

test('what throws in the worker is a file that cannot be read; the next one is prepared', async () => {
  const { preparer } = workshop((file, name) =>
    name === 'bad' ? Promise.reject(new Error('moved')) : Promise.resolve(done(file, name)),
  );
  expect(await preparer.prepare(new Blob(['a']), 'bad', wishes())).toMatchObject({
    error: { code: 'broken' },
  });
  expect(await preparer.prepare(new Blob(['a']), 'good', wishes())).toMatchObject({ ok: true });
});

test('a worker that dies takes what it had with it; a new one is started for the next', async () => {
  let isStuck = true;
  const { preparer, ports } = workshop((file, name) =>
    isStuck ? new Promise(() => undefined) : Promise.resolve(done(file, name)),
  );
  const lost = preparer.prepare(new Blob(['a']), 'a', wishes());
  ports[0]?.end();
  expect(await lost).toMatchObject({ ok: false, error: { code: 'broken' } });
  isStuck = false;
  expect(await preparer.prepare(new Blob(['b']), 'b', wishes())).toMatchObject({ ok: true });
  expect(ports.map((port) => port.isEnded)).toEqual([true, false]);
});

test('an idle worker is let go', async () => {
  vi.useFakeTimers();
  try {
    const { preparer, ports } = workshop((file, name) => Promise.resolve(done(file, name)));
    const prepared = preparer.prepare(new Blob(['a']), 'a', wishes());
    await vi.advanceTimersByTimeAsync(1);
    await prepared;
    expect(ports[0]?.isEnded).toBe(false);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(ports[0]?.isEnded).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
