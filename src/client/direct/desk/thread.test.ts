import { expect, test } from 'vitest';
import * as Comlink from 'comlink';
import { makeRumor } from '#protocol/direct/rumors.ts';
import { pureVerifier } from '../../engine/verifying.ts';
import { DeviceSigner, makeSecretKey } from '../../keys/device-signer.ts';
import type { Signer } from '../../keys/signer.ts';
import { deskOf } from './desk.ts';
import { serveDesk } from './serve.ts';
import { threadDesk } from './thread.ts';

const NOW = 1_800_000_000;

/** A worker in this thread: both ends of a channel, and the browser's ways to end it. */
const fakeWorker = ({ isDumb = false } = {}) => {
  const { port1, port2 } = new MessageChannel();
  const ends = { terminated: 0, error: () => undefined as void };
  if (!isDumb) Comlink.expose(serveDesk(), port2 as unknown as Comlink.Endpoint);
  const worker = {
    postMessage: (message: unknown, transfer: Transferable[]) =>
      port1.postMessage(message, transfer as never),
    addEventListener: (type: string, heard: (event: MessageEvent) => void) => {
      if (type === 'error') ends.error = () => heard(new MessageEvent('error'));
      else port1.addEventListener(type as 'message', heard as never);
    },
    removeEventListener: (type: string, heard: (event: MessageEvent) => void) =>
      port1.removeEventListener(type as 'message', heard as never),
    start: () => port1.start(),
    terminate: () => {
      ends.terminated += 1;
      port1.close();
    },
  };
  return { worker: worker as unknown as Worker, ends };
};

const desks = (signer: Signer, spawn: () => Worker) => {
  const asked = { here: 0 };
  const desk = threadDesk(signer, {
    spawn,
    here: (one) => {
      asked.here += 1;
      return deskOf(one, { verifier: Promise.resolve(pureVerifier), random: () => 0.5 });
    },
  });
  return { desk, asked };
};

const someone = () => {
  const secret = makeSecretKey();
  return new DeviceSigner(secret);
};

const said = (author: string, to: string) =>
  makeRumor({ kind: 14, content: 'at the quay', tags: [] }, { author, to: [to], at: NOW });

test('the thread makes wraps that the page opens, and opens those that the page makes', async () => {
  const [ada, ben] = [someone(), someone()];
  const { worker, ends } = fakeWorker();
  const { desk, asked } = desks(ada, () => worker);
  const here = deskOf(ben, { verifier: Promise.resolve(pureVerifier), random: () => 0.5 });
  const there = await desk.wrap(said(ada.pubkey, ben.pubkey), [ben.pubkey, ada.pubkey], { now: NOW });
  if (!there.ok) throw new Error(there.error.message);
  const [forBen, forAda] = there.value;
  expect(await here.open([forBen!])).toEqual([{ type: 'rumor', rumor: said(ada.pubkey, ben.pubkey) }]);
  const back = await here.wrap(said(ben.pubkey, ada.pubkey), [ada.pubkey], { now: NOW });
  if (!back.ok) throw new Error(back.error.message);
  expect(await desk.open([forAda!, ...back.value, forBen!])).toEqual([
    { type: 'rumor', rumor: said(ada.pubkey, ben.pubkey) },
    { type: 'rumor', rumor: said(ben.pubkey, ada.pubkey) },
    { type: 'refused', reason: 'this was not sealed for you' },
  ]);
  expect(asked.here).toBe(0);
  ada.forget();
  expect(ends.terminated).toBe(1);
});

test('with the key taken back nothing is opened, and nothing is called unreadable', async () => {
  const [ada, ben] = [someone(), someone()];
  const { worker } = fakeWorker();
  const { desk } = desks(ada, () => worker);
  const made = await desk.wrap(said(ada.pubkey, ben.pubkey), [ada.pubkey], { now: NOW });
  if (!made.ok) throw new Error(made.error.message);
  ada.forget();
  expect(await desk.open(made.value)).toEqual([{ type: 'later' }]);
  expect(await desk.wrap(said(ada.pubkey, ben.pubkey), [ben.pubkey], { now: NOW })).toMatchObject({
    ok: false,
    error: { code: 'locked' },
  });
});

test.each([
  [
    'cannot be started',
    () => ({
      spawn: () => {
        throw new Error('no workers');
      },
      after: () => undefined,
    }),
  ],
  [
    'ends before it answers',
    () => {
      const { worker, ends } = fakeWorker({ isDumb: true });
      return { spawn: () => worker, after: () => ends.error() };
    },
  ],
] as const)('where the thread %s the page does the work', async (_name, make) => {
  const [ada, ben] = [someone(), someone()];
  const { spawn, after } = make();
  const { desk, asked } = desks(ada, spawn);
  const made = desk.wrap(said(ada.pubkey, ben.pubkey), [ben.pubkey], { now: NOW });
  await Promise.resolve();
  after();
  expect(await made).toMatchObject({ ok: true });
  await desk.wrap(said(ada.pubkey, ben.pubkey), [ben.pubkey], { now: NOW });
  expect(asked.here).toBe(1);
});

test('a key that is elsewhere is asked here, and no thread is begun', async () => {
  const ada = someone();
  const elsewhere: Signer = {
    kind: 'extension',
    pubkey: ada.pubkey,
    sign: (draft) => ada.sign(draft),
    cipher: ada.cipher,
  };
  const { desk, asked } = desks(elsewhere, () => {
    throw new Error('never');
  });
  expect(await desk.wrap(said(ada.pubkey, ada.pubkey), [ada.pubkey], { now: NOW })).toMatchObject({
    ok: true,
  });
  expect(asked.here).toBe(1);
});
