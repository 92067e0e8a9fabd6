import { expect, test } from 'vitest';
import type { Draft } from '#protocol/event.ts';
import { parseSealedFile } from '#protocol/media/sealed-files.ts';
import type { SealedFile } from '#protocol/media/sealed-files.ts';
import { makeFileKey } from '#protocol/media/sealing.ts';
import { fail, ok } from '#shared/result.ts';
import { SealedPost } from './sealed-post.ts';

const anna = 'a'.repeat(64);
const hash = 'c'.repeat(64);
const sealed: SealedFile = {
  url: `https://city.test/${hash}.bin`,
  hash,
  type: 'video/mp4',
  size: 9,
  key: makeFileKey(9),
};
const body = new Blob(['film']);

const make = (answer: 'stored' | 'stopped' | 'locked' = 'stored') => {
  const told: { draft: Draft; people: readonly string[] }[] = [];
  let taken: ((file: SealedFile, note: string) => Promise<void>) | undefined;
  let kept = '';
  const post = new SealedPost({
    desk: {
      seal: (_file, options) => {
        kept = options?.note ?? '';
        return Promise.resolve(answer === 'stopped' ? fail('stopped', 'You stopped it.') : ok(sealed));
      },
      watchSealed: (call) => {
        taken = call;
        return () => (taken = undefined);
      },
    },
    letters: {
      send: (draft, people) => {
        if (answer === 'locked') return Promise.resolve(fail('locked', 'Locked.'));
        told.push({ draft, people });
        return Promise.resolve(ok({ event: {} as never, answer: new Promise<never>(() => undefined) }));
      },
    },
  });
  return { post, told, note: () => kept, later: (note: string) => taken?.(sealed, note) };
};

test('its people are told of a file once the city has it', async () => {
  const { post, told } = make();
  expect((await post.send({ body, type: 'video/mp4', name: 'a.mp4' }, [anna])).ok).toBe(true);
  expect(told.map(({ people }) => people)).toEqual([[anna]]);
  expect(parseSealedFile(told[0]!.draft)).toEqual(sealed);
});

test('nobody is told of what was stopped', async () => {
  const { post, told } = make('stopped');
  expect(await post.send({ body, type: 'video/mp4', name: 'a.mp4' }, [anna])).toMatchObject({
    error: { code: 'stopped' },
  });
  expect(told).toEqual([]);
});

test('after a reload the same people are told; who is locked is told later; a strange note tells nobody', async () => {
  const first = make();
  await first.post.send({ body, type: 'video/mp4', name: 'a.mp4' }, [anna]);
  const again = make();
  const stop = again.post.start();
  await again.later(first.note());
  for (const odd of ['', '{}', '{"people":[]}', '{"people":["x"]}']) await again.later(odd);
  expect(again.told.map(({ people }) => people)).toEqual([[anna]]);
  stop();
  expect(again.later(first.note())).toBeUndefined();
  const locked = make('locked');
  locked.post.start();
  await expect(locked.later(first.note())).rejects.toThrow('Locked.');
});
