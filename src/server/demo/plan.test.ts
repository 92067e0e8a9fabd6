import { beforeAll, expect, test } from 'vitest';
import { buildDemoData } from '../../launch/build-demo-data.mjs';
import type { CirclePlan } from './plan.ts';

let plans: CirclePlan[];
let languages: typeof import('./languages.ts');
let script: typeof import('./script.ts');

beforeAll(async () => {
  buildDemoData(); // before anything imports what it makes
  const { planCircles } = await import('./plan.ts');
  languages = await import('./languages.ts');
  script = await import('./script.ts');
  plans = planCircles('test', 2200);
});

test('at least 2,000 circles, each with its own id, in more than 200 parts of the world', () => {
  expect(plans.length).toBeGreaterThanOrEqual(2000);
  expect(new Set(plans.map(({ id }) => id)).size).toBe(plans.length);
  expect(new Set(plans.map(({ cell }) => cell.slice(0, 2))).size).toBeGreaterThan(200);
});

test('well-known cities are dense in neighbouring cells, most towns have one circle', () => {
  const berlin = plans.filter(({ cell }) => cell.startsWith('u33'));
  expect(berlin.length).toBeGreaterThanOrEqual(10);
  expect(new Set(berlin.map(({ cell }) => cell)).size).toBeGreaterThan(berlin.length / 2);
  const regions = new Map<string, number>();
  for (const { cell } of plans) regions.set(cell.slice(0, 3), (regions.get(cell.slice(0, 3)) ?? 0) + 1);
  expect([...regions.values()].filter((count) => count >= 10).length).toBeGreaterThanOrEqual(25);
  expect([...regions.values()].filter((count) => count === 1).length).toBeGreaterThan(300);
});

test('a few circles are very alive, most quiet, some silent: about 25,000 lines', () => {
  const lines = plans.map((plan) => plan.lines);
  const sum = lines.reduce((total, count) => total + count, 0);
  expect(sum).toBeGreaterThan(20_000);
  expect(sum).toBeLessThan(32_000);
  expect(lines.filter((count) => count === 0).length).toBeGreaterThan(100);
  expect(Math.max(...lines)).toBeGreaterThan(100);
  expect(lines.toSorted((a, b) => a - b)[1100]).toBeLessThan(20);
});

test.each([
  ['ja', /[\u3040-\u30ff\u4e00-\u9fff]/],
  ['ar', /[\u0600-\u06ff]/],
  ['ko', /[\uac00-\ud7af]/],
  ['hi', /[\u0900-\u097f]/],
  ['uk', /[\u0400-\u04ff]/],
  ['el', /[\u0370-\u03ff]/],
])('circles in %s are named in its script', (language, pattern) => {
  const own = plans.filter((plan) => plan.language === language);
  expect(own.length).toBeGreaterThan(10);
  for (const { name, about } of own) {
    expect(name).toMatch(pattern);
    expect(name).not.toMatch(/[A-Za-z]/);
    expect(about).toMatch(pattern);
  }
});

test('languages fit their places', () => {
  const near = (cell: string) =>
    plans.filter((plan) => plan.cell.startsWith(cell)).map(({ language }) => language);
  const most = (list: string[], language: string) =>
    list.filter((item) => item === language).length > list.length / 2;
  expect(most(near('xn7'), 'ja')).toBe(true);
  expect(most(near('u33'), 'de')).toBe(true);
  expect(most(near('75c'), 'pt')).toBe(true);
  expect(languages.languageOf('BR')).toBe('pt');
  expect(languages.languageOf('NZ')).toBe('en');
});

test('some doors are closed, some rooms private, most open', () => {
  const share = (mode: 'private' | 'restricted' | 'closed') =>
    plans.filter(({ modes }) => modes[mode]).length / plans.length;
  for (const mode of ['private', 'restricted', 'closed'] as const) {
    expect(share(mode)).toBeGreaterThan(0.005);
    expect(share(mode)).toBeLessThan(0.15);
  }
});

test('names repeat seldom within a neighbourhood', () => {
  const seen = new Map<string, number>();
  for (const { name, cell } of plans) {
    const key = `${cell.slice(0, 4)} ${name}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const repeated = [...seen.values()].filter((count) => count > 1).length;
  expect(repeated).toBeLessThan(plans.length / 25);
});

test('at least 60 names over at least 14 languages, and every script is well-formed', () => {
  expect(languages.LANGUAGES.length).toBeGreaterThanOrEqual(14);
  let names = 0;
  for (const language of languages.LANGUAGES) {
    const texts = languages.textsOf(language);
    expect(texts.days).toHaveLength(7);
    for (const topic of Object.values(texts.topics)) names += topic.names.length;
    const talks = [...texts.talks, ...Object.values(texts.topics).flatMap((topic) => topic.talks)];
    for (const talk of talks) {
      const turns = script.readScript(talk);
      for (const [index, { answers }] of turns.entries())
        if (answers) expect(turns.slice(0, index).map(({ speaker }) => speaker)).toContain(answers);
    }
  }
  expect(names).toBeGreaterThanOrEqual(60);
});
