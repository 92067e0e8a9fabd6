/** A wall of 500 pictures scrolled from end to end and back: what lies between two frames. Served by Vite: builds do not ship the page. */
import { createServer } from 'vite';
import { startQuietBrowser } from '../quiet-browser.ts';
import { atMost, percentile } from '../rows.ts';
import type { BenchContext, BenchRow } from '../rows.ts';

const PICTURES = 500;
const PORT = 4891;
/** A frame of 60 a second, with what a clock rounds; twice as much is one left out. */
const [FRAME_MS, LOST_MS] = [17, 25];

/** Scrolls the page by so many pixels a frame to its end and back; the time between frames, in ms. */
const scrolled = (step: number): string => `new Promise((done) => {
  const frames = [];
  let last = performance.now(), way = ${step};
  const tick = (now) => {
    frames.push(now - last);
    last = now;
    const place = document.scrollingElement;
    const before = place.scrollTop;
    place.scrollTop += way;
    if (place.scrollTop !== before) return requestAnimationFrame(tick);
    if (way < 0) return done(frames.slice(2));
    way = -way;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})`;

const until = `new Promise((done) => {
  const look = () => (document.querySelectorAll('[data-wall] article').length * 4 >= ${PICTURES} ? done(true) : setTimeout(look, 100));
  look();
})`;

/** Prints the frames' median and worst twentieth, and how many of a hundred were left out. */
export const wall = async ({ chromium }: BenchContext): Promise<BenchRow[]> => {
  const server = await createServer({
    server: { port: PORT, host: '127.0.0.1', hmr: false },
    logLevel: 'error',
  });
  await server.listen();
  const browser = await startQuietBrowser(chromium);
  try {
    const page = await browser.open(`http://127.0.0.1:${PORT}/dev/media?wall=${PICTURES}&wait=100`);
    await page.evaluate(until);
    // Once before, so that nothing is compiled meanwhile; then as somebody does who looks for something.
    await page.evaluate(scrolled(400));
    const frames = await page.evaluate<number[]>(scrolled(60));
    const lost = (frames.filter((one) => one > LOST_MS).length / frames.length) * 100;
    return [
      atMost(`${PICTURES} pictures scrolled, frame median`, percentile(frames, 0.5), 'ms', FRAME_MS, 0.05),
      atMost('the same, frame p95', percentile(frames, 0.95), 'ms', LOST_MS, 0.2),
      atMost('frames left out', lost, '%', 5, 0),
    ];
  } finally {
    await browser.close();
    await server.close();
  }
};
