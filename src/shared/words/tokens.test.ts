import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../tests/support/wire-arbitraries.ts';
import { foldWord } from './fold.ts';
import { cjkUnits, eachRun, eachToken, maxTokens } from './tokens.ts';

const terms = (text: string): string[] => {
  const found: string[] = [];
  eachToken(text, (term) => found.push(term));
  return found;
};

test.each([
  ['English', "Don't stop, the 3.14 foo_bar!", ['don', 't', 'stop', 'the', '3', '14', 'foo', 'bar']],
  ['German', 'Über die Straße', ['uber', 'die', 'strasse']],
  ['French', 'l’été à Nîmes', ['l', 'ete', 'a', 'nimes']],
  ['Turkish', 'Iğdır İzmir', ['igdir', 'izmir']],
  ['Russian', 'Всё ещё здесь', ['все', 'еще', 'здесь']],
  ['Chinese', '我喜欢北京。', ['我喜', '喜欢', '欢北', '北京', '京']],
  ['Japanese', '東京タワーへ', ['東京', '京タ', 'タワ', 'ワー', 'ーへ', 'へ']],
  ['Japanese, halfwidth', 'ｶﾞｷﾞ', ['ガギ', 'ギ']],
  ['one character', '猫', ['猫']],
  ['Korean', '서울에서 만나요', ['서울에서', '만나요']],
  ['Korean with others', 'BTS는 3월', ['bts', '는', '3', '월']],
  ['Thai', 'สวัสดีชาวโลก', ['สวัสดี', 'ชาว', 'โลก']],
  ['Arabic', 'مَرحبًا بالعالم', ['مرحبا', 'بالعالم']],
  ['Persian', 'می\u200cخواهم', ['ميخواهم']],
  ['Hindi', 'नमस्ते दुनिया', ['नमस्ते', 'दुनिया']],
  ['emoji', 'ok👍🏽❤️🇩🇪👨‍👩‍👧', ['ok', '👍', '❤', '🇩🇪', '👨👩👧']],
  ['scripts in one run', 'iPhone買うabcไทย', ['iphone', '買う', 'う', 'abc', 'ไทย']],
  ['tags and mentions', '#Berlin @anna', ['berlin', 'anna']],
])('%s', (_, text, expected) => {
  expect(terms(text)).toEqual(expected);
});

test('of a link host and readable path count, of a reference its code', () => {
  expect(terms('see https://www.Example.com/blog/new-things?utm=1#top now')).toEqual([
    ...['see', 'example', 'com', 'blog', 'new', 'things', 'now'],
  ]);
  const hash = '0123456789abcdef'.repeat(4);
  expect(terms(`https://cdn.example/${hash}.png`)).toEqual(['cdn', 'example', 'png']);
  const code = `npub1${'q'.repeat(58)}`;
  expect(terms(`hi nostr:${code}!`)).toEqual(['hi', code.slice(0, 32)]);
  expect(terms(code)).toEqual([code.slice(0, 32)]);
  expect(terms('größer: https://münchen.example/straße')).toEqual([
    'grosser',
    'munchen',
    'example',
    'strasse',
  ]);
});

test('a token stands at its offsets, in order, and any text has tokens without a throw', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      let before = 0;
      eachToken(text, (term, start, end) => {
        expect(start).toBeGreaterThanOrEqual(before);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
        expect(term.length).toBeLessThanOrEqual(64);
        expect(term).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
        const units = cjkUnits(text.slice(start, end)).map(foldWord).join('');
        expect([foldWord(text.slice(start, end)), units]).toContain(term);
        before = start;
      });
    }),
    { numRuns: 1000 },
  );
});

const spaced = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'ab',
        'über',
        'e\u0301lan',
        'ß',
        'Иж',
        'ё',
        'λόγος',
        'अपि',
        'क्ष',
        '가힣',
        '19',
        'o9',
        'שלום',
      ),
      fc.constantFrom(' ', ',', '.', '-', "'", '’', '!', '\n', '_', ':'),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

test('where words are spaced, tokens are the words of Intl.Segmenter split at inner punctuation', () => {
  const segmenter = new Intl.Segmenter('und', { granularity: 'word' });
  fc.assert(
    fc.property(spaced, (text) => {
      const words = Array.from(segmenter.segment(text))
        .filter((part) => part.isWordLike === true)
        .flatMap((part) => part.segment.split(/[^\p{L}\p{N}\p{M}]+/u))
        .map(foldWord)
        .filter((word) => word !== '');
      expect(terms(text)).toEqual(words);
    }),
    { numRuns: 500 },
  );
});

test('the quick way for ASCII finds what the long way finds', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'aZ09 _-\'".,@#/~\t') }), (text) => {
      expect([...terms(text), 'e']).toEqual(terms(`${text} é`));
    }),
  );
});

test('a wall of text gives a bounded number of tokens', () => {
  expect(terms('a '.repeat(10_000))).toHaveLength(maxTokens);
  expect(terms('漢字'.repeat(20_000)).length).toBeLessThanOrEqual(maxTokens);
  expect(terms('ไทย'.repeat(20_000)).length).toBeLessThanOrEqual(maxTokens);
  expect(terms('é'.repeat(100_000))).toEqual(['e'.repeat(32)]);
  expect(terms(`${'-'.repeat(2_000_000)} beyond`)).toEqual([]);
});

test('runs of Chinese and Japanese come whole and raw', () => {
  const runs: unknown[] = [];
  eachRun('Zoo 東京 é', (run, start, end, isCjk) => runs.push([run, start, end, isCjk]));
  expect(runs).toEqual([
    ['zoo', 0, 3, false],
    ['東京', 4, 6, true],
    ['e', 7, 8, false],
  ]);
});
