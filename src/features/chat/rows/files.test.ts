import { beforeEach, expect, test } from 'vitest';
import type { LocalEvent } from '#client/store/local-events.ts';
import type { Draft } from '#protocol/event.ts';
import { contentWithFiles, makeFileMetadata, makeImeta } from '#protocol/media/attachments.ts';
import type { Attachment } from '#protocol/media/attachments.ts';
import { makeDeletion, makeLine } from '#protocol/messages.ts';
import { NOTE } from '#protocol/kinds.ts';
import { fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { MemoryRows } from '../../../../tests/support/memory-rows.ts';
import { chatProjection } from '../projection.ts';
import { wordsOfLine } from './files.ts';
import { conversations, lines } from './tables.ts';

const [anna, ben] = [fakeKey('a1'), fakeKey('b2')];
const hash = 'ab'.repeat(32);
const picture: Attachment = {
  url: `https://city.test/${hash}.webp`,
  hash,
  type: 'image/webp',
  width: 640,
  height: 480,
  alt: 'A ferry leaving the harbour',
  name: 'ferry.webp',
};

const withFiles = (text: string, files: readonly Attachment[]): Draft => {
  const draft = makeLine({ group: 'plaza', kind: NOTE, text });
  const tags = [...draft.tags, ...files.map((file) => makeImeta(file))];
  return { ...draft, content: contentWithFiles(text, files), tags };
};
const said = (text: string, files: readonly Attachment[], at = 77) =>
  fakeEvent({ ...withFiles(text, files), pubkey: anna, created_at: at });
const seen = (event: ReturnType<typeof fakeEvent>): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  event,
  relay: 'wss://city.test',
});

let rows: MemoryRows;
beforeEach(() => {
  rows = new MemoryRows([chatProjection]);
});
const plaza = () => rows.get(conversations, 'plaza');

test('a line has its files, and its words without their addresses', async () => {
  const one = said('look at this', [picture]);
  expect(one.content).toContain(picture.url);
  await rows.apply(seen(one));
  expect(await rows.get(lines, one.id)).toMatchObject({ text: 'look at this', files: [picture] });
  expect(await plaza()).toMatchObject({
    lastText: 'look at this',
    lastFiles: [{ type: 'image/webp', name: 'ferry.webp' }],
  });
});

test('what an author saw behind a link is kept with the line, comes again when all is read again, and goes with it', async () => {
  const preview = { url: 'https://a.example/x', title: 'Tides' };
  const draft = makeLine({
    group: 'plaza',
    kind: NOTE,
    text: 'see https://a.example/x',
    previews: [preview],
  });
  const one = fakeEvent({ ...draft, pubkey: anna, created_at: 70 });
  await rows.apply(seen(one));
  expect(await rows.get(lines, one.id)).toMatchObject({
    text: 'see https://a.example/x',
    previews: [preview],
  });
  const again = new MemoryRows([chatProjection]);
  for (const event of [seen(one), seen(one)]) await again.apply(event);
  expect(await again.get(lines, one.id)).toEqual(await rows.get(lines, one.id));
  const gone = fakeEvent({ ...makeDeletion([one], 'plaza'), pubkey: anna, created_at: 71 });
  await rows.apply(seen(gone));
  expect(await rows.get(lines, one.id)).not.toHaveProperty('previews');
});

test('a line of nothing but a picture has no words, and is still a line', async () => {
  const one = said('', [picture]);
  await rows.apply(seen(one));
  expect(await rows.get(lines, one.id)).toMatchObject({ text: '', files: [picture] });
  expect(await plaza()).toMatchObject({ lines: 1, unread: 1, lastText: '' });
});

test('an address that no tag describes stays in the words', async () => {
  const one = fakeEvent({
    ...makeLine({ group: 'plaza', kind: NOTE, text: `see ${picture.url}` }),
    pubkey: anna,
  });
  await rows.apply(seen(one));
  const row = await rows.get(lines, one.id);
  expect([row?.text, row?.files]).toEqual([`see ${picture.url}`, undefined]);
});

test('a file put into a place without a line is shown as one', async () => {
  const file = fakeEvent({
    ...makeFileMetadata(picture, { about: 'the new boat', group: 'plaza' }),
    pubkey: ben,
    created_at: 80,
  });
  const homeless = fakeEvent({ ...makeFileMetadata(picture), pubkey: ben, created_at: 81 });
  await rows.apply(seen(file), seen(homeless));
  expect(await rows.get(lines, file.id)).toMatchObject({ text: 'the new boat', files: [picture] });
  expect(await rows.get(lines, homeless.id)).toBeUndefined();
});

test('a line that is taken away, expired or purged loses its files with its words, in the log too', async () => {
  const ends: ((id: string) => LocalEvent)[] = [
    (id) => seen(fakeEvent({ ...makeDeletion([{ id, kind: NOTE }], 'plaza'), pubkey: anna })),
    (id) => ({ type: 'EventExpired', v: 1, id }),
    (id) => ({ type: 'EventsPurged', v: 1, ids: [id] }),
  ];
  for (const end of ends) {
    rows = new MemoryRows([chatProjection]);
    const one = said('look', [picture]);
    await rows.apply(seen(one), end(one.id));
    expect((await rows.get(lines, one.id))?.files).toBeUndefined();
    expect(JSON.stringify([rows.dump(), rows.kept])).not.toMatch(/ferry|city\.test\/ab/);
  }
});

test('what the newest line had is not said of the line before it', async () => {
  const old = said('only words', [], 10);
  const young = said('look', [picture], 20);
  await rows.apply(seen(young), seen(old));
  expect((await plaza())?.lastFiles).toHaveLength(1);
  await rows.apply(seen(fakeEvent({ ...makeDeletion([young], 'plaza'), pubkey: anna })));
  expect(await plaza()).toMatchObject({ lastText: 'only words' });
  expect((await plaza())?.lastFiles).toBeUndefined();
  await rows.apply(seen(said('later words', [], 30)));
  expect((await plaza())?.lastFiles).toBeUndefined();
});

test('a file is found by what it shows and what it is called', () => {
  expect(wordsOfLine({ text: 'look', files: [picture] })).toBe(
    'look\nA ferry leaving the harbour\nferry.webp',
  );
  expect(wordsOfLine({ text: 'look' })).toBe('look');
  expect(wordsOfLine({ text: '', files: [{ url: picture.url, type: 'video/mp4' }] })).toBe('');
});
