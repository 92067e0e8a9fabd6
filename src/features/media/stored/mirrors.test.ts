import { expect, test } from 'vitest';
import { identityProjection } from '#features/identity/projection.ts';
import { MEDIA_SERVERS } from '#protocol/kinds.ts';
import { fail, ok } from '#shared/result.ts';
import { FakeCity, fakeAccount } from '../../../../tests/support/fake-city.ts';
import { Mirrors } from './mirrors.svelte.ts';

const file = (digit: string) => ({
  url: `https://city.test/${digit.repeat(64)}.png`,
  sha256: digit.repeat(64),
  size: 3,
  type: 'image/png',
  uploaded: 1,
});
const home = 'https://city.test';

const open = (answer: (hash: string, server: string) => string | undefined = () => undefined) => {
  const city = new FakeCity({ projections: [identityProjection], account: fakeAccount() });
  const asked: string[] = [];
  const mirroring = {
    check: (address: string) =>
      Promise.resolve(address === 'bad' ? fail('rejected', 'No server of files.') : ok(`https://${address}`)),
    mirror: (hash: string, server: string) => {
      asked.push(`${hash.slice(0, 1)} ${server}`);
      const no = answer(hash, server);
      return Promise.resolve(no === undefined ? ok(undefined) : fail('rejected', no));
    },
  };
  const list = () => Promise.resolve(ok(['a', 'b', 'c', 'd', 'e'].map(file)));
  const mirrors = new Mirrors(city, { list }, mirroring, home);
  const tags = () => city.published.filter(({ kind }) => kind === MEDIA_SERVERS).at(-1)?.tags;
  return { city, mirrors, asked, tags };
};

test('a server is added behind the city, preferred, and removed again; the list says so to everybody', async () => {
  const { mirrors, tags } = open();
  expect(await mirrors.add('one.example')).toBe(true);
  expect(tags()).toEqual([
    ['server', home],
    ['server', 'https://one.example'],
  ]);
  await expect.poll(() => mirrors.servers).toEqual(['https://one.example']);
  expect(await mirrors.add('two.example')).toBe(true);
  expect(await mirrors.prefer('https://two.example')).toBe(true);
  await expect.poll(() => mirrors.servers).toEqual(['https://two.example', 'https://one.example']);
  expect(tags()?.[0]).toEqual(['server', 'https://two.example']);
  expect(await mirrors.remove('https://one.example')).toBe(true);
  await expect.poll(() => mirrors.servers).toEqual(['https://two.example']);
});

test('what is no server of files is not written down, and why is said', async () => {
  const { mirrors, city } = open();
  expect(await mirrors.add('bad')).toBe(false);
  expect([mirrors.words, city.published.length, mirrors.isBusy]).toEqual(['No server of files.', 0, false]);
});

test('a list that cannot be written leaves everything as it is', async () => {
  const { mirrors, city } = open();
  city.publishFailure = { code: 'refused', message: 'Not signed.' };
  expect(await mirrors.add('one.example')).toBe(false);
  expect([mirrors.words, mirrors.servers.length]).toEqual(['Not signed.', 0]);
});

test('everything is kept there; what failed is counted, told, and tried again alone', async () => {
  let isFull = true;
  const { mirrors, asked } = open((hash) =>
    isFull && /^[bd]/.test(hash) ? 'The shelf is full.' : undefined,
  );
  const running = mirrors.keepAllAt('https://one.example');
  void mirrors.keepAllAt('https://two.example');
  await running;
  expect(asked.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e'].map((hash) => `${hash} https://one.example`));
  expect(mirrors.run).toMatchObject({ done: 3, all: 5, isOver: true });
  expect(mirrors.run?.missed.map(({ words }) => words)).toEqual(['The shelf is full.', 'The shelf is full.']);
  isFull = false;
  asked.length = 0;
  await mirrors.again();
  expect(asked.toSorted()).toEqual(['b https://one.example', 'd https://one.example']);
  expect(mirrors.run).toMatchObject({ done: 2, all: 2, missed: [], isOver: true });
});
