import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePress, parseWorkerWord } from './press.ts';

test('a press leads where it was meant to', () => {
  const data = { path: '/g/harbour_pier-1', profile: 'p', conversation: 'harbour_pier-1', count: 3, at: 7 };
  expect(parsePress(structuredClone(data))).toEqual(data);
  expect(parseWorkerWord({ type: 'go', path: '/messages', profile: 'p' })).toEqual({
    type: 'go',
    path: '/messages',
    profile: 'p',
  });
  expect(parseWorkerWord({ type: 'woken', test: true })).toEqual({ type: 'woken', test: true });
});

test.each([
  '//evil.test',
  'https://evil.test',
  '/\\evil.test',
  'javascript:alert(1)',
  'g/pier',
  '',
  3,
  '/g/a b',
  `/${'a'.repeat(300)}`,
])('no press leads out of the city: %j', (path) => {
  expect(parsePress({ path }).path).toBe('/');
  expect(parseWorkerWord({ type: 'go', path })).toMatchObject({ path: '/' });
});

test('whatever lies behind a notification, the way stays inside', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.anything(), fc.record({ path: fc.oneof(fc.webUrl(), fc.webPath(), fc.string()) })),
      (data) => {
        const { path } = parsePress(data);
        expect(new URL(path, 'https://city.test').origin).toBe('https://city.test');
        expect(() => parseWorkerWord(data)).not.toThrow();
      },
    ),
    { numRuns: 500 },
  );
});
