import fc from 'fast-check';
import { expect, test } from 'vitest';
import { causeOf, hush, silentLog, tracesOf } from './log.ts';
import { openLog } from './pino-log.ts';
import type { LogOptions } from './pino-log.ts';

const told = (options: LogOptions, tell: (log: ReturnType<typeof openLog>) => void): string[] => {
  const lines: string[] = [];
  tell(openLog({ ...options, sink: { write: (line) => lines.push(line) } }));
  return lines;
};
const failing = (message: string, code?: string): Error =>
  Object.assign(new Error(message), code ? { code } : {});

test('a line is JSON with level, time, sentence and facts; nothing of the machine', () => {
  const [line = ''] = told({ plain: false }, (log) =>
    log.warn('it rains', { drops: 3, dry: false, where: 'here' }),
  );
  const { time, ...rest } = JSON.parse(line) as Record<string, unknown>;
  expect(rest).toEqual({ level: 'warn', msg: 'it rains', drops: 3, dry: false, where: 'here' });
  expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  expect(line.endsWith('}\n')).toBe(true);
});

test('for a person it is a short plain line', () => {
  const lines = told({ plain: true, level: 'info' }, (log) => {
    log.info('the city is open');
    log.error('it rains', { drops: 3, code: 'X' });
  });
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d info the city is open\n$/);
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d error it rains \(drops 3, code X\)\n$/);
});

test('each level tells what those after it do', () => {
  const all = (level?: LogOptions['level'], plain = false) =>
    told({ level, plain }, (log) => {
      for (const at of ['debug', 'info', 'warn', 'error'] as const) log[at](at);
    }).length;
  expect([all('debug'), all('info'), all('warn'), all('error'), all('silent')]).toEqual([4, 3, 2, 1, 0]);
  expect([all(), all(undefined, true)]).toEqual([3, 2]);
  silentLog.error('nobody hears');
});

test('keys, ids, names in bech32 and passwords in addresses are hushed wherever they stand', () => {
  const hex = 'a1'.repeat(32);
  expect(hush(`key ${hex} and sig ${hex}${hex}.`)).toBe('key … and sig ….');
  expect(hush('nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5 is no name')).toBe(
    '… is no name',
  );
  expect(hush('at postgres://city:secret@db.example:5432/x')).toBe('at postgres://…@db.example:5432/x');
  expect(hush(`Nostr ${Buffer.from('{"kind":27235,"content":""}'.repeat(5)).toString('base64')}`)).toBe(
    'Nostr …',
  );
  expect(hush('z y'.repeat(1000))).toHaveLength(300);
  const lines = told({ plain: false }, (log) => log.error(`bad ${hex}`, { fact: hex }));
  expect(lines.join()).not.toContain(hex);
});

test('a cause is told by its code, and by its words only where they cannot be anybody’s', () => {
  expect(causeOf(failing('relation "events" does not exist', '42P01'))).toEqual({
    cause: 'relation "events" does not exist',
    code: '42P01',
  });
  expect(causeOf(failing('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED'))).toEqual({
    cause: 'connect ECONNREFUSED 127.0.0.1:5432',
    code: 'ECONNREFUSED',
  });
  expect(causeOf(failing('invalid input syntax for type integer: "my secret"', '22P02'))).toEqual({
    code: '22P02',
  });
  expect(causeOf(failing('raised with my secret', 'P0001'))).toEqual({ code: 'P0001' });
  expect(causeOf(new SyntaxError(`Unexpected token 'm', "my secret" is not JSON`))).toEqual({
    cause: 'Unexpected token … is not JSON',
  });
  expect(causeOf('my secret')).toEqual({ cause: 'string' });
  expect(causeOf(undefined)).toEqual({ cause: 'undefined' });
});

test('whatever a failing program quotes, its words are not told', () => {
  const secret = fc.stringMatching(/^[ -~]{12,40}$/).filter((text) => /[a-z]{6}/.test(text));
  fc.assert(
    fc.property(secret, fc.constantFrom('"', "'", '`'), (text, mark) => {
      expect(JSON.stringify(causeOf(failing(`cannot read ${mark}${text}${mark} here`)))).not.toContain(text);
    }),
  );
});

test('of a stack only the places are told', () => {
  const traces = tracesOf(new Error('my\n secret'));
  expect(traces['at']).toMatch(/^at .*log\.test\.ts/);
  expect(JSON.stringify(traces)).not.toContain('secret');
  expect(tracesOf('my secret')).toEqual({ at: '' });
});
