import { beforeEach, describe, expect, test } from 'vitest';
import type { PreparedFile } from '#client/media/media.ts';
import type { Attachment } from '#protocol/media/attachments.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Prepared, PrepareFailure } from '../prepare/prepared.ts';
import { stepsIn } from './drag-steps.ts';
import { Told } from './told.svelte.ts';
import { Tray } from './tray.svelte.ts';
import type { TrayPorts } from './tray.svelte.ts';
import { Trays } from './trays.ts';
import { lengthWords, sizeWords } from './words.ts';

/** Hand-held ports: files are ready when the test says so, offers answer what it wants. */
class Hands implements TrayPorts {
  readonly pending = new Map<string, (outcome: Result<Prepared, PrepareFailure>) => void>();
  readonly stopped: string[] = [];
  readonly offered: PreparedFile[] = [];
  readonly withdrawn: string[] = [];
  readonly open = new Set<string>();
  refusal: Failure<string> | undefined;
  #count = 0;

  prepare: TrayPorts['prepare'] = (_file, name, { signal }) => {
    signal.addEventListener('abort', () => this.stopped.push(name));
    return new Promise((resolve) => this.pending.set(name, resolve));
  };
  offer = (file: PreparedFile): Promise<Result<Attachment, Failure<string>>> => {
    this.offered.push(file);
    if (this.refusal) return Promise.resolve(fail(this.refusal.code, this.refusal.message));
    const alt = file.alt === undefined ? {} : { alt: file.alt };
    return Promise.resolve(ok({ url: `https://city.example/${file.name}`, type: file.type, ...alt }));
  };
  withdraw = (file: Attachment): void => void this.withdrawn.push(file.url);
  previews = {
    make: (): string => {
      const address = `blob:${++this.#count}`;
      this.open.add(address);
      return address;
    },
    drop: (address: string): void => void this.open.delete(address),
  };

  async ready(name: string): Promise<void> {
    const body = new Blob([name]);
    this.pending.get(name)?.(ok({ file: { body, type: 'image/jpeg', name }, note: 'cleaned' }));
    await Promise.resolve();
    await Promise.resolve();
  }
}

let hands: Hands;
let tray: Tray;
beforeEach(() => {
  hands = new Hands();
  tray = new Tray(hands);
});

const picture = (name: string): File => new File([name], name, { type: 'image/jpeg' });
const names = (): string[] => tray.files.map(({ name }) => name);
const fill = async (...all: string[]): Promise<void> => {
  tray.add(all.map(picture));
  for (const name of all) await hands.ready(name);
};

describe('filling it', () => {
  test('it is ready when all of it is', async () => {
    tray.add([picture('a'), picture('b')]);
    expect([tray.isEmpty, tray.isReady]).toEqual([false, false]);
    await hands.ready('a');
    expect(tray.isReady).toBe(false);
    await hands.ready('b');
    expect(tray.isReady).toBe(true);
    expect(tray.files.map(({ preview }) => preview)).toEqual(['blob:1', 'blob:2']);
  });

  test('a refused file says why, and holds the line until it is taken out', async () => {
    tray.add([picture('a'), picture('bad')]);
    await hands.ready('a');
    hands.pending.get('bad')?.(fail('too-big', 'no'));
    await Promise.resolve();
    await Promise.resolve();
    expect(tray.files[1]).toMatchObject({ state: 'refused', failure: { code: 'too-big' } });
    expect(tray.isReady).toBe(false);
    expect(await tray.take()).toMatchObject({ ok: false });
    const bad = tray.files[1];
    if (bad) tray.remove(bad);
    expect(tray.isReady).toBe(true);
  });

  test('no more than a line carries', () => {
    tray.add(Array.from({ length: 23 }, (_, index) => picture(`p${index}`)));
    expect(tray.files).toHaveLength(20);
    expect(tray.surplus).toBe(3);
  });

  test('one that is taken out while it is prepared is stopped, and comes back by no door', async () => {
    tray.add([picture('a')]);
    const file = tray.files[0];
    if (file) tray.remove(file);
    expect(hands.stopped).toEqual(['a']);
    await hands.ready('a');
    expect(tray.isEmpty).toBe(true);
    expect(hands.open.size).toBe(0);
  });

  test('order is the person’s', async () => {
    await fill('a', 'b', 'c');
    const [first, , last] = tray.files;
    if (first) tray.move(first, 1);
    expect(names()).toEqual(['b', 'a', 'c']);
    if (last) tray.move(last, -9);
    expect(names()).toEqual(['c', 'b', 'a']);
    if (last) tray.move(last, -1);
    expect(names()).toEqual(['c', 'b', 'a']);
  });
});

describe('handing over', () => {
  test('in order, with the words for those who can’t see it', async () => {
    await fill('a', 'b');
    const second = tray.files[1];
    if (second) second.alt = '  a lighthouse ';
    const taken = await tray.take();
    expect(taken.ok && taken.value.map(({ url, alt }) => [url, alt])).toEqual([
      ['https://city.example/a', undefined],
      ['https://city.example/b', 'a lighthouse'],
    ]);
    expect(tray.isEmpty).toBe(true);
    if (taken.ok) tray.sent(taken.value);
    expect(hands.open.size).toBe(0);
  });

  test('an empty tray hands over nothing', async () => expect(await tray.take()).toEqual(ok([])));

  test('a refusal brings all of it back, with a sentence; the next try goes through', async () => {
    await fill('a', 'b');
    hands.refusal = { code: 'storage', message: 'full' };
    const refused = await tray.take();
    expect(refused).toMatchObject({ ok: false, error: { code: 'storage' } });
    expect(refused.ok ? '' : refused.error.message).toContain('no room');
    expect(names()).toEqual(['a', 'b']);
    hands.refusal = undefined;
    expect(await tray.take()).toMatchObject({ ok: true });
  });

  test('a line that was not sent gives its files back, in front of what came meanwhile', async () => {
    await fill('a', 'b');
    const taken = await tray.take();
    await fill('c');
    if (taken.ok) tray.putBack(taken.value);
    expect(names()).toEqual(['a', 'b', 'c']);
    if (taken.ok) tray.putBack(taken.value);
    expect(names()).toEqual(['a', 'b', 'c']);
    const before = hands.offered.length;
    await tray.take();
    expect(hands.offered.length - before).toBe(1);
  });

  test('new words are handed over anew', async () => {
    await fill('a');
    const taken = await tray.take();
    if (taken.ok) tray.putBack(taken.value);
    const file = tray.files[0];
    if (file) file.alt = 'a boat';
    const again = await tray.take();
    expect(again.ok && again.value[0]?.alt).toBe('a boat');
  });

  test('what came back and is taken out is not sent any more', async () => {
    await fill('a');
    const taken = await tray.take();
    if (taken.ok) tray.putBack(taken.value);
    tray.clear();
    expect(hands.withdrawn).toEqual(['https://city.example/a']);
    expect(hands.open.size).toBe(0);
  });

  test('foreign files are not put back', async () => {
    await fill('a');
    tray.putBack([{ url: 'https://elsewhere.example/x', type: 'image/png' }]);
    tray.sent([{ url: 'https://elsewhere.example/x', type: 'image/png' }]);
    expect(names()).toEqual(['a']);
  });
});

test('each place has its own tray, the same one every time', () => {
  const trays = new Trays(hands);
  expect(trays.of('harbour')).toBe(trays.of('harbour'));
  expect(trays.of('harbour')).not.toBe(trays.of('plaza'));
});

test('it is told once, also after a reload', () => {
  const kept = new Map<string, string>();
  const memory = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
  const told = new Told('cleaned', memory);
  told.begin();
  expect(told.isShown).toBe(true);
  told.begin();
  expect(told.isShown).toBe(true);
  told.end();
  told.begin();
  expect(told.isShown).toBe(false);
  const later = new Told('cleaned', memory);
  later.begin();
  expect(later.isShown).toBe(false);
});

test.each([
  [0, 60, 0],
  [30, 60, 0],
  [40, 60, 1],
  [-41, 60, -1],
  [130, 60, 2],
  [100, 0, 0],
])('a drag of %d px over rows of %d px is %d steps', (px, height, steps) =>
  expect(stepsIn(px, height) + 0).toBe(steps),
);

test('sizes and lengths in words', () => {
  expect([900, 820_000, 3_240_000, 1_400_000_000].map(sizeWords)).toEqual([
    '1 kB',
    '820 kB',
    '3.2 MB',
    '1.4 GB',
  ]);
  expect([5, 65.4, 3_727].map(lengthWords)).toEqual(['0:05', '1:05', '1:02:07']);
});
