import { expect, test } from 'vitest';
import { fail, ok } from '#shared/result.ts';
import { Deed } from './deed.svelte.ts';

const sent = { id: 'x', outcome: 'done' } as const;

test('what goes well gives its value; what fails leaves its sentence until the next try', async () => {
  const deed = new Deed();
  expect(await deed.run(() => Promise.resolve(fail('blocked', 'The city says no.')))).toBeUndefined();
  expect(deed.failure).toBe('The city says no.');
  expect(await deed.run(() => Promise.resolve(ok(sent)))).toEqual(sent);
  expect(deed.failure).toBeUndefined();
  expect(deed.queued).toBe(false);
});

test('what waits for the city says so', async () => {
  const deed = new Deed();
  await deed.run(() => Promise.resolve(ok({ id: 'x', outcome: 'queued' as const })));
  expect(deed.queued).toBe(true);
  deed.clear();
  expect(deed.queued).toBe(false);
});

test('a second press while the first runs does nothing', async () => {
  const deed = new Deed();
  let runs = 0;
  let finish: () => void = () => undefined;
  const first = deed.run(async () => {
    runs++;
    await new Promise<void>((resolve) => (finish = resolve));
    return ok(sent);
  });
  expect(deed.busy).toBe(true);
  expect(await deed.run(() => Promise.resolve(ok({ id: String(runs++), outcome: 'done' })))).toBeUndefined();
  finish();
  await first;
  expect(runs).toBe(1);
  expect(deed.busy).toBe(false);
});

test('an action that throws frees the button', async () => {
  const deed = new Deed();
  await expect(deed.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(deed.busy).toBe(false);
});
