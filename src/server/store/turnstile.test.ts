import { expect, test } from 'vitest';
import { Turnstile } from './turnstile.ts';

test('so many at once, so many in line, the others turned away; a failure gives its place back', async () => {
  const turnstile = new Turnstile(2, 1);
  const finish: (() => void)[] = [];
  let most = 0;
  let inside = 0;
  const work = async (name: string): Promise<string> => {
    most = Math.max(most, ++inside);
    await new Promise<void>((done) => finish.push(done));
    inside -= 1;
    if (name === 'b') throw new Error('broken');
    return name;
  };
  const all = ['a', 'b', 'c', 'd'].map((name) => turnstile.pass(() => work(name)));
  expect(await all[3]).toBeUndefined();
  finish.forEach((done) => done());
  await expect(all[1]).rejects.toThrow('broken');
  await new Promise((later) => setTimeout(later, 1));
  finish.at(-1)?.();
  expect([await all[0], await all[2], most]).toEqual(['a', 'c', 2]);
  const again = turnstile.pass(() => Promise.resolve('e'));
  expect(await again).toBe('e');
});
