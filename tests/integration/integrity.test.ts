/** The built service worker and the list of what every file must be. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { integritiesOf, writeIntegrity } from '../../src/launch/integrity.mjs';

let build: string;
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(build, path)), { recursive: true });
  writeFileSync(join(build, path), text);
};
const read = (path: string): string => readFileSync(join(build, path), 'utf8');
const named = (text: string): string => `sha384-${createHash('sha384').update(text).digest('base64')}`;

beforeEach(() => {
  build = mkdtempSync(join(tmpdir(), 'city-build-'));
  put('client/_app/immutable/start.js', 'start()');
  put('client/_app/immutable/start.js.br', 'compressed');
  put('client/icons/a b.svg', '<svg/>');
  put('prerendered/shell.html', '<html>');
  put('prerendered/shell.html.gz', 'compressed');
  put('client/service-worker.js', 'const list=self.__CITY_INTEGRITY__??{};go(list)');
});
afterEach(() => rmSync(build, { recursive: true, force: true }));

test('every file is named by the path that a browser asks for', () => {
  expect(integritiesOf(build)).toEqual({
    '/_app/immutable/start.js': named('start()'),
    '/icons/a%20b.svg': named('<svg/>'),
    '/shell': named('<html>'),
  });
});

test('the worker finds the list before its own first word, in all its forms', () => {
  put('client/service-worker.js.gz', 'old');
  put('client/service-worker.js.br', 'old');
  writeIntegrity(build);
  const script = read('client/service-worker.js');
  const self: Record<string, unknown> = {};
  const seen: unknown[] = [];
  new Function('self', 'go', script)(self, (list: unknown) => seen.push(list));
  expect(seen).toEqual([integritiesOf(build)]);
  expect(gunzipSync(readFileSync(join(build, 'client/service-worker.js.gz'))).toString()).toBe(script);
  expect(brotliDecompressSync(readFileSync(join(build, 'client/service-worker.js.br'))).toString()).toBe(
    script,
  );
});

test('writing twice leaves one list', () => {
  writeIntegrity(build);
  const once = read('client/service-worker.js');
  writeIntegrity(build);
  expect(read('client/service-worker.js')).toBe(once);
});

test('a worker that would not look at the list stops the build', () => {
  put('client/service-worker.js', 'go()');
  expect(() => writeIntegrity(build)).toThrow('its files would go unchecked');
});
