import { PassThrough } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { readBody } from './body.ts';

/** A request as far as reading its body goes. */
const incoming = (headers: Readonly<Record<string, string>> = {}) => {
  const stream = new PassThrough();
  return { stream, request: Object.assign(stream, { headers }) as unknown as IncomingMessage };
};
const options = { limit: 10, withinMs: 1000 };

test('a body comes whole, in pieces or not at all', async () => {
  const { stream, request } = incoming();
  const reading = readBody(request, options);
  stream.write('hello');
  stream.end('you');
  expect(await reading).toEqual({ ok: true, value: Buffer.from('helloyou') });
  const empty = incoming();
  empty.stream.end();
  expect(await readBody(empty.request, options)).toEqual({ ok: true, value: Buffer.alloc(0) });
});

test('one byte too many is too large, said or found out', async () => {
  const said = incoming({ 'content-length': '11' });
  expect(await readBody(said.request, options)).toMatchObject({ ok: false, error: { code: 'too-large' } });
  const found = incoming({ 'content-length': '3' });
  const reading = readBody(found.request, options);
  found.stream.write('x'.repeat(11));
  expect(await reading).toMatchObject({ ok: false, error: { code: 'too-large' } });
  const exact = incoming();
  exact.stream.end('x'.repeat(10));
  expect((await readBody(exact.request, options)).ok).toBe(true);
});

test('who sends nothing more, or hangs up, was too slow', async () => {
  const slow = incoming();
  slow.stream.write('x');
  expect(await readBody(slow.request, { ...options, withinMs: 30 })).toMatchObject({
    error: { code: 'too-slow' },
  });
  const gone = incoming();
  const reading = readBody(gone.request, options);
  gone.stream.destroy();
  expect(await reading).toMatchObject({ error: { code: 'too-slow' } });
  const broken = incoming();
  const failing = readBody(broken.request, options);
  broken.stream.destroy(new Error('reset'));
  expect(await failing).toMatchObject({ error: { code: 'too-slow' } });
});
