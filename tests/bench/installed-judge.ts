/** Lighthouse as a judge of one address, in a browser of its own. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import lighthouse from 'lighthouse';
import { BROWSER_FLAGS } from './rows.ts';

const CATEGORIES = ['performance', 'best-practices', 'accessibility'] as const;
type Category = (typeof CATEGORIES)[number];

export interface Verdict {
  /** 0–100. */
  readonly scores: Readonly<Record<Category, number>>;
  /** What cost points, for whoever repairs it. */
  readonly complaints: readonly string[];
}

const portOf = async (folder: string): Promise<number> => {
  for (let tries = 0; tries < 600; tries++) {
    const [port = ''] = (await readFile(join(folder, 'DevToolsActivePort'), 'utf8').catch(() => '')).split(
      '\n',
    );
    if (port !== '') return Number(port);
    await pause(50);
  }
  throw new Error('the browser did not start');
};

/** One run with Lighthouse's own terms for phones: 4× slower processor, 1.6 Mbit/s, a cold first visit. */
export const judge = async (path: string, url: string): Promise<Verdict> => {
  const folder = await mkdtemp(join(tmpdir(), 'city-judge-'));
  const browser = spawn(
    path,
    [
      ...BROWSER_FLAGS,
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${folder}`,
      'about:blank',
    ],
    { stdio: 'ignore' },
  );
  try {
    const port = await portOf(folder);
    const result = await lighthouse(url, { port, onlyCategories: [...CATEGORIES], logLevel: 'error' });
    if (!result) throw new Error('Lighthouse gave no answer');
    const { categories, audits } = result.lhr;
    const scoreOf = (category: Category): number => Math.round((categories[category]?.score ?? 0) * 100);
    return {
      scores: {
        performance: scoreOf('performance'),
        'best-practices': scoreOf('best-practices'),
        accessibility: scoreOf('accessibility'),
      },
      complaints: CATEGORIES.flatMap((category) =>
        (categories[category]?.auditRefs ?? [])
          .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 0.9)
          .map(({ id }) =>
            `${category}: ${audits[id]?.title ?? id} ${audits[id]?.displayValue ?? ''}`.trim(),
          ),
      ),
    };
  } finally {
    const ended = new Promise((resolve) => browser.once('exit', resolve));
    browser.kill();
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};
