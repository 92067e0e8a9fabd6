import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCalled, parseEnd, parseMirror, parsePage } from './headers.ts';

const NOW = 1_800_000_000;
const asking = (headers: Record<string, string>, url = '/'): IncomingMessage =>
  Object.assign(new IncomingMessage(new Socket()), { headers, url });

test('what a request says of its file', () => {
  const hash = 'A'.repeat(64);
  expect(
    parseCalled(asking({ 'x-sha-256': hash, 'content-length': '12', 'content-type': 'image/PNG; q=1' })),
  ).toEqual({ ok: true, value: { hash: hash.toLowerCase(), size: 12, type: 'image/png' } });
  expect(parseCalled(asking({ 'x-content-length': '7', 'content-length': '0' }))).toMatchObject({
    value: { size: 7 },
  });
  expect(parseCalled(asking({ 'x-sha-256': 'x' })).ok).toBe(false);
  expect(parseCalled(asking({ 'x-content-length': '-1' })).ok).toBe(false);
});

test('an end is a time to come', () => {
  expect(parseEnd(undefined, NOW)).toEqual({ ok: true, value: undefined });
  expect(parseEnd(String(NOW + 1), NOW)).toEqual({ ok: true, value: NOW + 1 });
  for (const text of [String(NOW), '0', '-1', '1e12', 'soon', '99999999999999'])
    expect(parseEnd(text, NOW).ok).toBe(false);
  fc.assert(
    fc.property(fc.string(), (text) => {
      const end = parseEnd(text, NOW);
      if (end.ok && end.value !== undefined) expect(end.value).toBeGreaterThan(NOW);
    }),
  );
});

test('a page of a list is bounded', () => {
  const pageOf = (query: string) => parsePage(asking({}, `/list/x?${query}`), NOW);
  expect(pageOf('')).toMatchObject({ value: { limit: 500, since: 0 } });
  expect(pageOf('limit=99999&since=5')).toMatchObject({ value: { limit: 1000, since: 5 } });
  for (const bad of ['limit=x', 'since=-1', 'cursor=abc', 'until=1.5']) expect(pageOf(bad).ok).toBe(false);
});

test('an address to mirror', () => {
  const of = (value: unknown) => parseMirror(Buffer.from(JSON.stringify(value)));
  expect(of({ url: 'https://a.example/x' })).toEqual({ ok: true, value: 'https://a.example/x' });
  for (const bad of [{}, { url: 7 }, { url: 'x' }, { url: 'file:///etc' }, [], null])
    expect(of(bad).ok).toBe(false);
  expect(parseMirror(Buffer.from('{')).ok).toBe(false);
});
