import * as Comlink from 'comlink';
import { expect, test } from 'vitest';
import { handingOver, inTurn } from './hand-over.ts';
import type { Take } from './hand-over.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const bytesOf = (value: number): Bytes => new Uint8Array(4).fill(value);

test('bytes go over whole, leave the one side, and come back when they were taken', async () => {
  const { port1, port2 } = new MessageChannel();
  const taken: number[][] = [];
  Comlink.expose(
    inTurn(async (bytes) => void taken.push([...bytes])),
    port1 as unknown as Comlink.Endpoint,
  );
  const take = handingOver(Comlink.wrap<Take>(port2 as unknown as Comlink.Endpoint));
  const given = bytesOf(7);
  const back = take(given);
  expect(given.length).toBe(0);
  expect([...((await back) ?? [])]).toEqual([7, 7, 7, 7]);
  expect(taken).toEqual([[7, 7, 7, 7]]);
  port1.close();
});

test('several on their way are taken one after the other', async () => {
  const log: string[] = [];
  const take = inTurn(async (bytes) => {
    log.push(`begin ${bytes[0]}`);
    await new Promise((resolve) => setTimeout(resolve, 5 - (bytes[0] ?? 0)));
    log.push(`end ${bytes[0]}`);
  });
  await Promise.all([1, 2, 3].map((value) => take(bytesOf(value))));
  expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
});

test('after one that was not taken none is', async () => {
  const taken: number[] = [];
  const take = inTurn(async (bytes) => {
    if (bytes[0] === 2) throw new Error('no room');
    taken.push(bytes[0] ?? 0);
  });
  const done = await Promise.allSettled([1, 2, 3].map((value) => take(bytesOf(value))));
  expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(taken).toEqual([1]);
});

test('what its taker handed on does not come back', async () => {
  const take = inTurn(async (bytes) => void structuredClone(bytes.buffer, { transfer: [bytes.buffer] }));
  expect(await take(bytesOf(1))).toBeUndefined();
});
