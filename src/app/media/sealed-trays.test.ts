import { expect, test } from 'vitest';
import { makeTrays } from '#features/media/index.ts';
import { fail, ok } from '#shared/result.ts';
import { DAY } from '#shared/time.ts';
import { SealedTrays } from './sealed-trays.svelte.ts';

type Port = ReturnType<Parameters<typeof makeTrays>[0]['spawn']>;
const anna = 'a'.repeat(64);
const place = `~${anna}`;
const settled = () => new Promise((resolve) => setTimeout(resolve, 10));

/** Hands every file back as it came. */
const plainWorker = (): Port => {
  const ears: ((event: MessageEvent) => void)[] = [];
  return {
    addEventListener: (type: string, ear: unknown) => {
      if (type === 'message') ears.push(ear as (event: MessageEvent) => void);
    },
    terminate: () => undefined,
    postMessage: (message) => {
      if (message.do !== 'prepare') return;
      const file = { body: message.file, type: 'application/octet-stream', name: message.name };
      const data = { id: message.id, outcome: ok({ file }) };
      queueMicrotask(() => ears.forEach((ear) => ear({ data } as MessageEvent)));
    },
  };
};

const make = (answer: 'sent' | 'stopped' | 'rejected' = 'sent') => {
  const log: string[] = [];
  const trays = new SealedTrays({
    trays: makeTrays({
      spawn: plainWorker,
      desk: { offer: () => Promise.reject(new Error('an open file')), cancel: () => Promise.resolve() },
      audience: 'sealed',
    }),
    post: {
      send: (file, people, options) => {
        log.push([file.name, people.join(), options?.expires ?? 'never'].join(' '));
        return Promise.resolve(answer === 'sent' ? ok({} as never) : fail(answer, 'The city said no.'));
      },
    },
    clock: { now: () => 1000 },
    onfailed: (name, words) => log.push(`${name}: ${words}`),
  });
  return { trays, log };
};
const lay = async (trays: SealedTrays, ...names: string[]) => {
  const tray = trays.of(place);
  tray.add(names.map((name) => new File(['x'], name)));
  await expect.poll(() => tray.isReady).toBe(true);
  return tray;
};

test('what lies in the tray leaves sealed, in its order, and hangs on no open line', async () => {
  const { trays, log } = make();
  const tray = await lay(trays, 'one', 'two');
  expect([tray.isEmpty, tray.isReady]).toEqual([false, true]);
  expect(await tray.take()).toEqual(ok([]));
  await settled();
  expect(log).toEqual([`one ${anna} never`, `two ${anna} never`]);
  expect(tray.isEmpty).toBe(true);
});

test('the city is told how long to keep it', async () => {
  const { trays, log } = make();
  trays.keeping = DAY;
  await (await lay(trays, 'one')).take();
  await settled();
  expect(log).toEqual([`one ${anna} ${1000 + DAY}`]);
});

test('who stopped a file knows; everything else is said', async () => {
  const stopped = make('stopped');
  await (await lay(stopped.trays, 'one')).take();
  const rejected = make('rejected');
  await (await lay(rejected.trays, 'one')).take();
  await settled();
  expect([stopped.log.length, rejected.log.at(-1)]).toEqual([1, 'one: The city said no.']);
});
