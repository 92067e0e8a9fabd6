/** Watching a conversation's lines while it is scrolled: where they stand before and after lines come and go around them. */
import type { Page } from '@playwright/test';

export interface Move {
  /** Lines drawn after the load. */
  readonly drawn: number;
  /** Pixels by which the first line in sight, which holds the place, was moved. */
  readonly moved: number;
  /** The same for lines further down: a name that only now is known may wrap a line between. */
  readonly below: number;
}

/**
 * Scrolls `way` until lines come and go at that end, `times` over; each time three lines in sight are watched over
 * the load, for as long as its surroundings change. Fewer answers: the end was reached.
 */
export const watchLoads = (page: Page, way: 'up' | 'down', times: number): Promise<Move[]> =>
  page.evaluate(
    async ({ way, times }) => {
      const scroller = document.querySelector('[role=log]')?.closest<HTMLElement>('.scroller');
      if (!scroller) throw new Error('no conversation is open');
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      const lines = () => [...scroller.querySelectorAll<HTMLElement>('[data-line]')];
      const end = () => (way === 'up' ? lines()[0] : lines().at(-1))?.dataset['line'];
      const lineAt = (part: number) => {
        const box = scroller.getBoundingClientRect();
        return lines().find((line) => line.getBoundingClientRect().bottom > box.top + box.height * part);
      };
      const tops = (watched: readonly HTMLElement[]) =>
        watched.map((line) => line.getBoundingClientRect().top);
      const settled = async (before: string | undefined): Promise<boolean> => {
        for (let waited = 0; waited < 400; waited++) {
          if (end() !== before) return true;
          await frame();
        }
        return false;
      };
      const moves: { drawn: number; moved: number; below: number }[] = [];
      await new Promise((done) => setTimeout(done, 1000));
      while (moves.length < times) {
        const before = end();
        scroller.scrollTop = way === 'up' ? 200 : scroller.scrollHeight - scroller.clientHeight - 200;
        const watched = [0, 0.5, 0.9].flatMap((part) => lineAt(part) ?? []);
        const stood = tops(watched);
        let [moved, below] = [0, 0];
        const look = () => {
          const [first = 0, ...others] = tops(watched).map((top, index) =>
            Math.abs(top - (stood[index] ?? 0)),
          );
          moved = Math.max(moved, first);
          below = Math.max(below, ...others);
        };
        // Called last before a frame is drawn: what was made good within the frame, nobody has seen.
        const watching = new ResizeObserver(look);
        if (scroller.firstElementChild) watching.observe(scroller.firstElementChild);
        if (!(await settled(before))) break;
        await new Promise((done) => setTimeout(done, 500));
        look();
        watching.disconnect();
        moves.push({ drawn: lines().length, moved, below });
      }
      return moves;
    },
    { way, times },
  );

/** Notes tasks of the page's own thread that take longer than 50 ms, from now on. */
export const noteLongTasks = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const durations: number[] = [];
    Object.assign(globalThis, { longTasks: durations });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) durations.push(duration);
    }).observe({ type: 'longtask' });
  });

/** Their durations in ms. */
export const longTasks = (page: Page): Promise<readonly number[]> =>
  page.evaluate(() => (globalThis as unknown as { longTasks?: number[] }).longTasks ?? []);
