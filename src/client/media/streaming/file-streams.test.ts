import { expect, test } from 'vitest';
import { key } from '../../../../tests/support/sealed-city.ts';
import type { MediaSource } from '../loading/source.ts';
import { FileStreams } from './file-streams.ts';
import type { StreamWish } from './file-streams.ts';

const film: MediaSource = {
  url: 'https://city.test/f.bin',
  type: 'video/mp4',
  hash: 'a'.repeat(64),
  size: 20_000_000,
  key,
};

interface Said {
  readonly type: string;
  readonly id: string;
  readonly file?: { readonly url: string; readonly key: { readonly key: Uint8Array } };
}

/** A page with a worker that answers offers, or keeps silent. */
const makePage = ({ worker = true, answers = true } = {}) => {
  const said: Said[] = [];
  const ports: MessagePort[] = [];
  let hear = (_message: unknown): void => undefined;
  let tick = (): void => undefined;
  const heard: unknown[] = [];
  const streams = new FileStreams({
    origin: 'https://city.test',
    worker: () =>
      worker
        ? {
            postMessage: (message, [port] = []) => {
              said.push(message as Said);
              if (!(port instanceof MessagePort)) return;
              ports.push(port);
              if (answers) port.postMessage({ is: 'ready' });
            },
          }
        : undefined,
    listen: (call) => ((hear = call), () => (hear = () => undefined)),
    wait: () => new Promise((go) => setTimeout(go, answers ? 2_000 : 5)),
    every: (_pause, call) => ((tick = call), () => (tick = () => undefined)),
  });
  const wish = (use: StreamWish['use']): StreamWish => ({
    use,
    name: 'harbour.mp4',
    ontrouble: (trouble) => void heard.push(trouble.code),
    ongiven: (bytes) => void heard.push(bytes),
    ondone: () => void heard.push('done'),
    onstopped: () => void heard.push('stopped'),
  });
  return { streams, said, ports, heard, wish, hear: (m: unknown) => hear(m), tick: () => tick() };
};
const settled = () => new Promise((go) => setTimeout(go, 20));
const closePorts = (ports: readonly MessagePort[]) => ports.forEach((port) => port.close());

test('an address tells nothing of the file, and its key goes in the message only', async () => {
  const { streams, said, ports, wish } = makePage();
  const stream = await streams.open(film, wish('play'));
  expect(stream?.url).toMatch(/^\/api\/file\/[0-9a-f]{32}$/);
  expect(said[0]?.file).toMatchObject({ url: film.url, key: { key: key.key } });
  const other = await streams.open(film, wish('play'));
  expect(other?.url).not.toBe(stream?.url);
  closePorts(ports);
});

test.each([
  ['nobody serves this page', {}, { worker: false }],
  ['the worker is of an older version', {}, { answers: false }],
  ['it is sealed in one piece', { key: { ...key, algorithm: 'aes-gcm' as const } }, {}],
  ['it lies elsewhere', { url: 'https://other.test/f.bin' }, {}],
  ['nobody said how long it is', { size: 0 }, {}],
])('there is no address where %s', async (_why, change, page) => {
  const { streams, wish, ports } = makePage(page);
  expect(await streams.open({ ...film, ...change }, wish('play'))).toBeUndefined();
  closePorts(ports);
});

test('a file that lies elsewhere and here is read here', async () => {
  const { streams, said, wish, ports } = makePage();
  await streams.open({ ...film, url: 'https://other.test/f.bin', fallback: [film.url] }, wish('play'));
  expect(said[0]?.file?.url).toBe(film.url);
  closePorts(ports);
});

test('a worker that lost everything is told again what is played, and a cut download is over', async () => {
  const { streams, said, wish, hear, heard, ports } = makePage();
  await streams.open(film, wish('play'));
  hear({ type: 'file-wanted', id: said[0]?.id });
  hear({ type: 'file-wanted', id: 'cd'.repeat(16) });
  expect(said.map(({ id }) => id)).toEqual([said[0]?.id, said[0]?.id]);
  await streams.open(film, wish('save'));
  hear({ type: 'file-lost', id: said[2]?.id });
  expect(heard).toEqual(['unreachable']);
  closePorts(ports);
});

test('what the worker tells by the port is heard, until it is closed', async () => {
  const { streams, ports, wish, heard, said } = makePage();
  const stream = await streams.open(film, wish('save'));
  ports[0]?.postMessage({ is: 'given', bytes: 5 });
  ports[0]?.postMessage({ is: 'trouble', code: 'damaged', message: '' });
  ports[0]?.postMessage({ is: 'done' });
  await settled();
  expect(heard).toEqual([5, 'damaged', 'done']);
  stream?.close();
  ports[0]?.postMessage({ is: 'done' });
  await settled();
  expect(heard).toHaveLength(3);
  expect(said.at(-1)).toMatchObject({ type: 'file-closed', id: said[0]?.id });
  closePorts(ports);
});

test('as long as something is open the worker is kept awake, and no longer', async () => {
  const { streams, ports, wish, said, tick } = makePage();
  const stream = await streams.open(film, wish('save'));
  tick();
  expect(said.at(-1)?.type).toBe('file-needed');
  expect(stream).toBeDefined();
  streams.closeAll();
  const count = said.length;
  tick();
  expect(said).toHaveLength(count);
  closePorts(ports);
});
