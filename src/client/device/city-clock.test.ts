import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../../tests/support/wire-arbitraries.ts';
import { DAY, HOUR, YEAR } from '#shared/time.ts';
import { BELIEVED, CityClock, judgeOffset, NOTICED } from './city-clock.ts';
import type { ClockOffset } from './city-clock.ts';

/** The true time, Unix seconds. */
const TRUE = 1_800_000_000;
const header = (seconds: number) => new Date(seconds * 1000).toUTCString();

const makeMemory = () => {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
};

/** A device whose clock is off by so many seconds. */
const begin = (off: number, memory = makeMemory()) => {
  const device = { ms: (TRUE + off) * 1000 };
  const clock = new CityClock(memory, () => device.ms);
  const news: ClockOffset[] = [];
  clock.follow((offset) => news.push(offset));
  const hear = (said = TRUE, underWay = 0) => {
    const asked = device.ms;
    device.ms += underWay;
    clock.hear(header(said), asked);
  };
  return { clock, device, memory, news, hear };
};

describe('following', () => {
  test.each([DAY, -DAY, HOUR, -2 * DAY, 90])(
    'a device that is %i seconds off dates by the city’s clock',
    (off) => {
      const { clock, news, hear } = begin(off);
      expect(clock.now()).toBe(TRUE + off);
      hear();
      expect(Math.abs(clock.now() - TRUE)).toBeLessThanOrEqual(1);
      expect(news.map(({ seconds }) => Math.abs(seconds + off) <= 1 || seconds)).toEqual([0, true]);
      expect(news.every(({ isFollowed }) => isFollowed)).toBe(true);
    },
  );

  test('a minute is no difference', () => {
    const { clock, news, hear } = begin(NOTICED - 1);
    hear();
    expect(clock.offset).toEqual({ seconds: 0, isFollowed: true });
    expect(news).toHaveLength(1);
  });

  test('a city that is off by years is not believed, and the person can be told', () => {
    for (const said of [TRUE + 5 * YEAR, TRUE - 5 * YEAR, TRUE + BELIEVED + 2 * NOTICED, 0]) {
      const { clock, news, hear } = begin(0);
      hear(said);
      expect(clock.now()).toBe(TRUE);
      expect(news.at(-1)?.isFollowed).toBe(false);
    }
  });

  test('a clock that is set right is followed again', () => {
    const { clock, device, news, hear } = begin(DAY);
    hear();
    device.ms = TRUE * 1000;
    hear();
    expect(clock.now()).toBe(TRUE);
    expect(news.map(({ seconds }) => Math.sign(seconds))).toEqual([0, -1, 0]);
  });

  test('the same difference again is no news', () => {
    const { news, hear } = begin(DAY);
    hear();
    hear(TRUE + 1);
    expect(news).toHaveLength(2);
  });

  test('the way there and back is halved; an answer that took too long says nothing', () => {
    const { clock, hear, device } = begin(0);
    hear(TRUE + HOUR + 4, 8000);
    expect(Math.abs(clock.now() - device.ms / 1000 - HOUR)).toBeLessThanOrEqual(1);
    const slow = begin(0);
    slow.hear(TRUE + HOUR, 60_000);
    expect(slow.clock.offset.seconds).toBe(0);
    expect(slow.clock.silence).toBe(Infinity);
  });

  test('a clock that jumped back while asking says nothing', () => {
    const { clock, device } = begin(0);
    clock.hear(header(TRUE), device.ms + 5000);
    expect(clock.offset.seconds).toBe(0);
  });
});

describe('an offline start', () => {
  const later = (off: number, memory: ReturnType<typeof makeMemory>) => begin(off, memory).clock;

  test('knows what was learnt', () => {
    const first = begin(DAY);
    first.hear();
    expect(Math.abs(later(DAY + 100, first.memory).now() - (TRUE + 100))).toBeLessThanOrEqual(1);
  });

  test('forgets it when the clock was set back since, and after a week', () => {
    const first = begin(DAY);
    first.hear();
    expect(later(0, first.memory).offset.seconds).toBe(0);
    expect(later(9 * DAY, first.memory).offset.seconds).toBe(0);
  });

  test('keeps nothing when all is well', () => {
    const first = begin(DAY);
    first.hear();
    expect(first.memory.kept.size).toBe(1);
    first.device.ms = TRUE * 1000;
    first.hear();
    expect(first.memory.kept.size).toBe(0);
  });

  test('takes no nonsense from storage, and none that refuses', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          fc.json(),
          fc.record({ seconds: fc.double(), at: fc.double() }).map((kept) => JSON.stringify(kept)),
        ),
        (text) => {
          const memory = makeMemory();
          memory.setItem('city-clock', text);
          expect(Math.abs(later(0, memory).now() - TRUE)).toBeLessThanOrEqual(BELIEVED);
        },
      ),
    );
    const refuses = () => {
      throw new Error('no storage');
    };
    const clock = new CityClock(
      { getItem: refuses, setItem: refuses, removeItem: refuses },
      () => TRUE * 1000,
    );
    clock.hear(header(TRUE + DAY), TRUE * 1000);
    expect(Math.abs(clock.now() - TRUE - DAY)).toBeLessThanOrEqual(1);
  });
});

test('whatever a header says, nobody is taken farther than three days', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      ),
      (said) => {
        const { clock, device } = begin(0);
        clock.hear(said, device.ms);
        expect(Math.abs(clock.now() - TRUE)).toBeLessThanOrEqual(BELIEVED);
      },
    ),
  );
  expect(judgeOffset(BELIEVED).isFollowed).toBe(true);
  expect(judgeOffset(BELIEVED + 1).isFollowed).toBe(false);
});
