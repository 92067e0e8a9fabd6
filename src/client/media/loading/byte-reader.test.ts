import { expect, test } from 'vitest';
import { readBytes } from './byte-reader.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const parts = [Uint8Array.of(1, 2, 3), Uint8Array.of(4), new Uint8Array(900_000).fill(5)];
const whole = Buffer.concat(parts);

const stream = (type?: 'bytes'): ReadableStream<Bytes> => {
  const left = parts.map((part) => part.slice());
  const pull = (controller: ReadableStreamController<Bytes>): void => {
    const part = left.shift();
    if (part) controller.enqueue(part);
    else controller.close();
    if (!part && 'byobRequest' in controller) controller.byobRequest?.respond(0);
  };
  return (type ? new ReadableStream({ type, pull }) : new ReadableStream({ pull })) as ReadableStream<Bytes>;
};

test.each([
  ['bytes', false],
  ['bytes', true],
  [undefined, false],
  [undefined, true],
] as const)('a body of type %s is read whole (kept: %s)', async (type, isKept) => {
  const reader = readBytes(stream(type), isKept);
  const read: Buffer[] = [];
  for (let bytes = await reader.read(); bytes; bytes = await reader.read()) read.push(Buffer.from(bytes));
  expect(Buffer.concat(read).equals(whole)).toBe(true);
});

test('where nothing is kept one buffer serves for all', async () => {
  const reader = readBytes(stream('bytes'), false);
  const first = await reader.read();
  await reader.read();
  expect(first?.length).toBe(0);
});

test('a body that is not wanted any more is told so', async () => {
  for (const isKept of [true, false]) {
    let isOver = false;
    const body = new ReadableStream<Bytes>({ type: 'bytes', cancel: () => void (isOver = true) } as never);
    await readBytes(body, isKept).cancel();
    expect(isOver).toBe(true);
  }
});
