/** What is seen in an open page, and when: the lines of a talk, and the frames that it drew or left out. */
import type { Page } from 'playwright';

/** Notes the time (Unix ms) at which each line with this mark first stands in the page. */
export const watchLines = (page: Page, mark: string): Promise<void> =>
  page.evaluate((text) => {
    const seen: Record<string, number> = {};
    Object.assign(globalThis, { benchSeen: seen });
    const look = () => {
      for (const line of document.querySelectorAll('article[data-line]')) {
        const found = line.textContent?.match(new RegExp(`${text} \\d+`))?.[0];
        if (found && !(found in seen)) seen[found] = Date.now();
      }
    };
    new MutationObserver(look).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    });
  }, mark);

/** When a line was first seen, Unix ms; waits for it. */
export const seenAt = async (page: Page, text: string): Promise<number> => {
  const handle = await page.waitForFunction(
    (key) => (globalThis as unknown as { benchSeen: Record<string, number> }).benchSeen[key],
    text,
    { polling: 20 },
  );
  return (await handle.jsonValue()) ?? Number.NaN;
};

export interface Frames {
  /** Milliseconds of the longest task of the page's own thread. */
  readonly longestTask: number;
  /** Milliseconds between two frames at most, and below which 95 of 100 are. */
  readonly longestGap: number;
  readonly p95: number;
}

/** Begins to count frames; `framesOf` ends it. */
export const watchFrames = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const state = { gaps: [] as number[], longestTask: 0, isOver: false };
    Object.assign(globalThis, { benchFrames: state });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) state.longestTask = Math.max(state.longestTask, duration);
    }).observe({ type: 'longtask' });
    let last = performance.now();
    const frame = (now: number) => {
      state.gaps.push(now - last);
      last = now;
      if (!state.isOver) requestAnimationFrame(frame);
    };
    requestAnimationFrame((now) => {
      last = now;
      requestAnimationFrame(frame);
    });
  });

export const framesOf = (page: Page): Promise<Frames> =>
  page.evaluate(() => {
    const state = (
      globalThis as unknown as { benchFrames: { gaps: number[]; longestTask: number; isOver: boolean } }
    ).benchFrames;
    state.isOver = true;
    const gaps = state.gaps.toSorted((a, b) => a - b);
    return {
      longestTask: state.longestTask,
      longestGap: gaps.at(-1) ?? 0,
      p95: gaps[Math.floor(gaps.length * 0.95)] ?? 0,
    };
  });
