/** The page names what its first screen needs, so that nothing is found one behind the other. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { firstScreenLinks, writeFirstScreen } from '../../src/launch/first-screen.mjs';

let build: string;
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(build, path)), { recursive: true });
  writeFileSync(join(build, path), text);
};
const read = (path: string): string => readFileSync(join(build, path), 'utf8');
const manifest = {
  'kit/entry.js': { file: '_app/immutable/entry/start.a.js', imports: ['_ground.js'] },
  'app.js': { file: '_app/immutable/entry/app.b.js', imports: ['_ground.js'] },
  '_ground.js': { file: '_app/immutable/chunks/c.js', css: ['_app/immutable/assets/ground.css'] },
  '0.js': { file: '_app/immutable/nodes/0.d.js', imports: ['_ground.js', '_deep.js'] },
  '_deep.js': { file: '_app/immutable/chunks/deep.js', imports: ['0.js'] },
  '1.js': { file: '_app/immutable/nodes/1.e.js' },
  '2.js': { file: '_app/immutable/nodes/2.f.js' },
  '12.js': { file: '_app/immutable/nodes/12.g.js', imports: ['_rare.js'] },
  '_rare.js': { file: '_app/immutable/chunks/rare.js' },
  'src/features/map/stage/leaflet-parts.ts': { file: '_app/immutable/chunks/leaflet.js' },
  'leaflet.css': { file: '_app/immutable/assets/leaflet.h.css' },
};

beforeEach(() => {
  build = mkdtempSync(join(tmpdir(), 'city-build-'));
  put('manifest.json', JSON.stringify(manifest));
  put('prerendered/shell.html', '<head><!--first-screen--></head>');
  put('prerendered/shell.html.gz', 'old');
  put('server/chunks/internal.js', 'const page = "<head><!--first-screen--></head>";');
});
afterEach(() => rmSync(build, { recursive: true, force: true }));

test('everything that the first screen imports is named once, and nothing else', () => {
  const links = firstScreenLinks(manifest);
  const named = [...links.matchAll(/modulepreload href=(\S+?)>/g)].map(([, path]) => path);
  expect(new Set(named).size).toBe(named.length);
  expect(named).toContain('/_app/immutable/chunks/deep.js');
  expect(named).toContain('/_app/immutable/chunks/leaflet.js');
  expect(links).toContain('as=style href=/_app/immutable/assets/leaflet.h.css');
  expect(links).toContain('as=fetch crossorigin href=/map/generated/atlas.json');
  expect(links).not.toContain('rare');
  expect(links).not.toContain('nodes/12');
});

test('both pages carry the list, the server’s script stays a script, compressed forms follow', () => {
  writeFirstScreen(build, join(build, 'manifest.json'));
  expect(read('prerendered/shell.html')).toContain('<link rel=modulepreload');
  expect(new Function(`${read('server/chunks/internal.js')} return page;`)()).toBe(
    read('prerendered/shell.html'),
  );
  expect(gunzipSync(readFileSync(join(build, 'prerendered/shell.html.gz'))).toString()).toBe(
    read('prerendered/shell.html'),
  );
});

test('a page without the mark, or parts that went elsewhere, stop the build', () => {
  put('server/chunks/internal.js', 'const page = "<head></head>";');
  expect(() => writeFirstScreen(build, join(build, 'manifest.json'))).toThrow('do not hold');
  expect(() => firstScreenLinks({ 'app.js': manifest['app.js'] })).toThrow('not where they were');
});
