import { expect, test } from 'vitest';
import type { UploadRow } from '#client/media/media.ts';
import { Uploads } from './uploads.svelte.ts';

const row = (over: Partial<UploadRow>): UploadRow => ({
  ...{ hash: 'a'.repeat(64), name: 'cat.jpg', type: 'image/jpeg', size: 200, sent: 50, state: 'sending' },
  ...over,
});

/** The tray over these rows, and what a hand did. */
const show = (...rows: UploadRow[]) => {
  const done: string[] = [];
  const hand = (name: string) => async (hash: string) => void done.push(`${name} ${hash.slice(0, 1)}`);
  const uploads = new Uploads({
    watchUploads: (changed) => {
      changed(rows);
      return () => undefined;
    },
    ...{ cancel: hand('cancel'), retry: hand('retry'), pause: hand('pause'), resume: hand('resume') },
  });
  return { tasks: uploads.tasks, done };
};

test('the tray lists what is on its way, and not what is stored', () => {
  const { tasks } = show(row({}), row({ hash: 'b'.repeat(64), state: 'stored' }));
  expect(tasks).toHaveLength(1);
  expect(tasks[0]).toMatchObject({ title: 'Sending cat.jpg', state: 'running', progress: 0.25 });
});

test('each state offers what a hand can do with it', () => {
  const failed = show(row({ state: 'failed', reason: 'the city is full' }));
  expect(failed.tasks[0]).toMatchObject({ state: 'failed', detail: 'the city is full' });
  failed.tasks[0]?.onretry?.();
  const paused = show(row({ state: 'paused' }));
  paused.tasks[0]?.onresume?.();
  const waiting = show(row({ state: 'waiting' }));
  waiting.tasks[0]?.onpause?.();
  waiting.tasks[0]?.oncancel?.();
  expect([...failed.done, ...paused.done, ...waiting.done]).toEqual([
    'retry a',
    'resume a',
    'pause a',
    'cancel a',
  ]);
});
