import { expect, test } from 'vitest';
import { NOTE } from '#protocol/kinds.ts';
import { makeLine } from '#protocol/messages.ts';
import type { ToastWish } from '#ui/notices/toasts.svelte.ts';
import { FakeCity, fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { chatProjection } from '../projection.ts';
import { lines } from '../rows/tables.ts';
import { Deeds } from './deeds.svelte.ts';

const scene = async () => {
  const city = new FakeCity({ projections: [chatProjection] });
  const event = fakeEvent({
    ...makeLine({ group: 'plaza', kind: NOTE, text: 'Hello' }),
    pubkey: fakeKey('b2'),
  });
  await city.deliver(event);
  const line = await city.get(lines, event.id);
  if (!line) throw new Error('no line');
  const timers: (() => void)[] = [];
  const toasts: ToastWish[] = [];
  const deeds = new Deeds(city, {
    group: 'plaza',
    lineKind: NOTE,
    ontoast: (wish) => toasts.push(wish),
    after: (_ms, done) => {
      timers.push(done);
      return () => void timers.splice(timers.indexOf(done), 1);
    },
  });
  const recorded = () => city.log.filter(({ type }) => type === 'LineHidden').length;
  return { city, line, deeds, timers, toasts, recorded };
};

test('a line deleted for me is out of sight at once, and gone for good when nobody has undone it', async () => {
  const { city, line, deeds, timers, toasts, recorded } = await scene();
  deeds.hideLine(line);
  deeds.hideLine(line);
  expect(deeds.hidden.has(line.id)).toBe(true);
  expect([toasts.length, recorded()]).toEqual([1, 0]);
  timers[0]?.();
  await expect.poll(() => city.get(lines, line.id)).toMatchObject({ purged: true, text: '' });
  expect(recorded()).toBe(1);
});

test('undone, nothing has happened', async () => {
  const { line, deeds, timers, toasts, recorded } = await scene();
  deeds.hideLine(line);
  toasts[0]?.undo?.();
  expect([deeds.hidden.has(line.id), timers.length, recorded()]).toEqual([false, 0, 0]);
});

test('whoever leaves before the moment is over has deleted it', async () => {
  const { line, deeds, recorded } = await scene();
  deeds.hideLine(line);
  await deeds.stop();
  expect(recorded()).toBe(1);
});
