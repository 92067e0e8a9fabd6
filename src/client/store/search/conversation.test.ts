/** A small town's messages, searched as people would. */
import { expect, test } from 'vitest';
import { SearchIndex } from './search-index.ts';
import type { SearchOptions } from './search-index.ts';
import { highlight, holdsPhrase } from './text/highlight.ts';

const day = 86_400;
const said: readonly (readonly [place: string, author: string, text: string])[] = [
  ['market', 'mia', 'Der Wochenmarkt am Maybachufer öffnet um elf 🥕'],
  ['market', 'jonas', 'Gibt’s da auch Käse? Ich suche Gruyère und Comté.'],
  ['market', 'mia', 'Ja, der Käsestand ist ganz hinten, neben dem Blumenstand'],
  ['night', 'ana', 'Does the night train to Oslo run on Sundays?'],
  ['night', 'li', 'The train at night is cheaper, see https://trains.example.org/oslo/timetable?day=7'],
  ['night', 'ana', 'naïve question: is there a café on board?'],
  ['tokyo', 'yuki', '明日、東京駅の銀の鈴で待ち合わせしましょう'],
  ['tokyo', 'yuki', 'カフェは渋谷にもあります。コーヒーが美味しいです'],
  ['tokyo', 'li', '我明天从北京飞到东京，晚上一起吃拉面吗？'],
  ['bazaar', 'emre', 'İstanbul’da Kapalıçarşı sabah dokuzda açılıyor'],
  ['bazaar', 'leyla', 'سنلتقي في المَقهى القديم قرب المكتبة'],
  ['bazaar', 'omid', 'کتاب‌فروشی ساعت هشت باز می‌شود'],
  ['seoul', 'jiwoo', '홍대에서 커피 마실래요? 카페가 새로 생겼어요'],
  ['bangkok', 'nok', 'พรุ่งนี้ไปตลาดน้ำกันไหม อาหารอร่อยมาก'],
  ['delhi', 'ravi', 'कल शाम को चाय पर मिलते हैं ☕'],
  ['kyiv', 'olha', 'Зустрінемось біля книгарні о шостій, її важко знайти'],
  ['market', 'jonas', 'Danke Mia! Käse, Brot und Äpfel sind gekauft 👍🏽'],
  ['night', 'li', 'Booked: coach 7, seats 31 and 32, ticket ABC123XYZ'],
];

const town = new SearchIndex();
for (const [i, [place, author, text]] of said.entries()) {
  town.add({ id: i.toString(16).padStart(64, '0'), place, author, at: 1_760_000_000 + i * day, text });
  if (i % 5 === 4) town.flush();
}
const found = (query: string, options?: SearchOptions): number[] =>
  town.search(query, options).hits.map((hit) => Number.parseInt(hit.id, 16));

test.each<[string, number[]]>([
  ['käse', [1, 2, 16]],
  ['KÄSE', [1, 2, 16]],
  ['gruyere', [1]],
  ['comte', [1]],
  ['apfel', [16]],
  ['cafe', [5]],
  ['naive cafe', [5]],
  ['wochenmarkt mayb', [0]],
  ['maybachufr', [0]],
  ['wochenmrakt', [0]],
  ['tickt abc123xyz', [17]],
  ['abc123', [17]],
  ['trains.example.org', [4]],
  ['timetable', [4]],
  ['🥕', [0]],
  ['👍', [16]],
  ['☕', [14]],
  ['東京駅', [6]],
  ['待ち合わせ', [6]],
  ['鈴', [6]],
  ['コーヒー', [7]],
  ['カフェ', [7]],
  ['北京', [8]],
  ['拉面', [8]],
  ['istanbul', [9]],
  ['kapalıçarşı', [9]],
  ['kapalicarsi sabah', [9]],
  ['المقهى', [10]],
  ['المكتبه', [10]],
  ['كتاب', [11]],
  ['커피', [12]],
  ['홍대', [12]],
  ['ตลาดน้ำ', [13]],
  ['อาหาร', [13]],
  ['चाय', [14]],
  ['книгарні', [15]],
  ['КНИГАРНІ зустрінемось', [15]],
  ['nothing like this', []],
])('%s', (query, expected) => {
  const { hits, all } = town.search(query);
  expect(hits.map((hit) => Number.parseInt(hit.id, 16)).sort((a, b) => a - b)).toEqual(expected);
  if (expected.length > 0) expect(all).toBe(true);
  for (const hit of hits) {
    const text = said[Number.parseInt(hit.id, 16)]![2];
    expect(highlight(text, hit.terms).length).toBeGreaterThan(0);
  }
});

test('東京 in Japanese is 东京 in Chinese only to readers: each script finds its own', () => {
  expect(found('東京')).toEqual([6]);
  expect(found('东京')).toEqual([8]);
});

test('words of a phrase find both orders, the texts tell them apart', () => {
  const { hits, phrases } = town.search('"night train"');
  const ids = hits.map((hit) => Number.parseInt(hit.id, 16));
  expect([...ids].sort()).toEqual([3, 4]);
  expect(ids.filter((id) => phrases.every((phrase) => holdsPhrase(said[id]![2], phrase)))).toEqual([3]);
});

test('by place, person and day', () => {
  expect(found('käse', { author: 'jonas' })).toEqual([16, 1]);
  expect(found('käse', { place: 'market', author: 'mia' })).toEqual([2]);
  expect(found('käse', { place: 'night' })).toEqual([]);
  expect(found('käse', { from: 1_760_000_000 + 2 * day })).toEqual([16, 2]);
  expect(found('käse', { to: 1_760_000_000 + 2 * day })).toEqual([1, 2]);
});

test('half-typed: the hits narrow with every letter', () => {
  const typed = 'wochenmarkt';
  let before = town.search('w').total;
  for (let length = 2; length <= typed.length; length++) {
    const { total, hits } = town.search(typed.slice(0, length));
    expect(total).toBeLessThanOrEqual(before);
    expect(hits.map((hit) => Number.parseInt(hit.id, 16))).toContain(0);
    before = total;
  }
  expect(before).toBe(1);
});

test('the message with all the words comes, not those with some', () => {
  expect(found('night train oslo')).toEqual(expect.arrayContaining([3, 4]));
  expect(found('train oslo sundays')).toEqual([3]);
  const some = town.search('train oslo cheese');
  expect(some.all).toBe(false);
  expect(some.hits.map((hit) => Number.parseInt(hit.id, 16)).sort()).toEqual([3, 4]);
});
