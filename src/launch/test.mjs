// `npm test`: installs what is missing (a browser too), builds, runs unit, integration and browser tests,
// and closes with one line for all of them.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { installDependencies } from './install.mjs';

const RESULTS = 'test-results';

const run = (command, args, env = {}) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('exit', (code) => resolve(code ?? 1));
  });

const readJson = (file) => {
  try {
    return JSON.parse(readFileSync(`${RESULTS}/${file}`, 'utf8'));
  } catch {
    return undefined;
  }
};

const vitestCounts = () => {
  const report = readJson('vitest.json');
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles,
    skipped: report.numPendingTests,
  };
};

const playwrightCounts = () => {
  const stats = readJson('playwright.json')?.stats;
  if (!stats) return { passed: 0, failed: 1, skipped: 0 };
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
};

/** Tests in the browser that passed only when they were tried again. */
const secondTries = () => {
  const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
  return (readJson('playwright.json')?.suites ?? [])
    .flatMap(specsOf)
    .filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
    .map(({ file, title }) => `${file} › ${title}`);
};

/** `file › test: first line of why`, for the end of a long log. */
const vitestFailures = () =>
  (readJson('vitest.json')?.testResults ?? []).flatMap(({ name, message, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && message) return [`${file}: ${message.split('\n', 1)[0]}`];
    return failed.map(
      ({ fullName, failureMessages }) => `${file} › ${fullName}: ${failureMessages.join(' ').slice(0, 600)}`,
    );
  });

const main = async () => {
  await installDependencies();
  const { ensureBrowser } = await import('./browser.mjs');
  const { build } = await import('./build.mjs');
  const chromium = await ensureBrowser();
  await build();
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  const unit = await run('npx', [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${RESULTS}/vitest.json`,
  ]);
  const browser = await run('npx', ['playwright', 'test', '-c', 'tests/e2e/playwright.config.ts'], {
    CHROMIUM_PATH: chromium,
    PLAYWRIGHT_JSON_OUTPUT_NAME: `${process.cwd()}/${RESULTS}/playwright.json`,
  });
  for (const failure of vitestFailures()) console.log(`\nFailed: ${failure}`);
  for (const again of secondTries()) console.log(`\nPassed at the second try only: ${again}`);
  const counts = [vitestCounts(), playwrightCounts()];
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
  const failed = sum('failed') + (sum('failed') === 0 && unit + browser !== 0 ? 1 : 0);
  const skipped = sum('skipped');
  console.log(`\n${sum('passed')} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed === 0 ? 0 : 1;
};

await main();
