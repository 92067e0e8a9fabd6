import { expect, test, vi } from 'vitest';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { answerVerifying, verifyHere, verifyIn } from './verify-batch.ts';
import type { VerifyWorker } from './verify-batch.ts';

const event = (content: string): NostrEvent => fakeEvent({ kind: 1, content });
const events = ['a', 'forged', 'b', 'c', 'forged'].map(event);
const verdicts = [true, false, true, true, false];
const honest = verifyHere(Promise.resolve({ verify: ({ content }) => content !== 'forged' }));

/** A worker over a message channel, which can die. */
const makeWorker = (answers = true) => {
  const { port1, port2 } = new MessageChannel();
  const asked = vi.fn(honest);
  if (answers) answerVerifying(port2, asked);
  port1.start();
  port2.start();
  let died: () => void = () => undefined;
  const worker: VerifyWorker = {
    postMessage: (message) => port1.postMessage(message),
    addEventListener: (type: string, listener: (event: MessageEvent<unknown>) => void) => {
      if (type === 'error') died = () => listener(new MessageEvent('error'));
      else port1.addEventListener('message', listener);
    },
  };
  return { worker, asked, die: () => died(), port: port2, end: () => port1.close() };
};

test('verdicts come in the order of the events, from the worker', async () => {
  const { worker, asked, end } = makeWorker();
  const here = vi.fn(honest);
  const verify = verifyIn(worker, here);
  expect(await Promise.all([verify(events), verify([...events].reverse())])).toEqual([
    verdicts,
    [...verdicts].reverse(),
  ]);
  expect(asked).toHaveBeenCalledTimes(2);
  expect(here).not.toHaveBeenCalled();
  end();
});

test('a few are checked here', async () => {
  const { worker, asked, end } = makeWorker();
  expect(await verifyIn(worker, honest)(events.slice(0, 2))).toEqual([true, false]);
  expect(asked).not.toHaveBeenCalled();
  end();
});

test('what a dead worker owes is checked here, and everything after it', async () => {
  const { worker, die, end } = makeWorker(false);
  const here = vi.fn(honest);
  const verify = verifyIn(worker, here);
  const owed = verify(events);
  die();
  expect(await owed).toEqual(verdicts);
  expect(await verify(events)).toEqual(verdicts);
  expect(here).toHaveBeenCalledTimes(2);
  end();
});

test('an answer of the wrong length is not believed', async () => {
  const { worker, port, end } = makeWorker(false);
  port.addEventListener('message', ({ data }: MessageEvent<{ n: number }>) =>
    port.postMessage({ n: data.n, verdicts: [true] }),
  );
  expect(await verifyIn(worker, honest)(events)).toEqual(verdicts);
  end();
});
