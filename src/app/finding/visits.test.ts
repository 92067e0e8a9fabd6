import { expect, test } from 'vitest';
import { visitOf, Visits } from './visits.ts';

test('visits are kept, the newest first, each once, twenty of them', () => {
  const visits = new Visits();
  const place = (id: string) => ({ kind: 'place' as const, id });
  visits.add(place('a'));
  visits.add({ kind: 'person', id: 'a' });
  visits.add(place('a'));
  expect(visits.all).toEqual([place('a'), { kind: 'person', id: 'a' }]);
  for (let i = 0; i < 40; i++) visits.add(place(`${i}`));
  expect(visits.all).toHaveLength(20);
  expect(visits.all[0]).toEqual(place('39'));
});

test.each([
  ['/g/plaza', { kind: 'place', id: 'plaza' }],
  ['/g/a%2Fb', { kind: 'place', id: 'a/b' }],
  ['/g/%', { kind: 'place', id: '%' }],
  ['/people/abc', { kind: 'person', id: 'abc' }],
  ['/g/', undefined],
  ['/', undefined],
  ['/you/settings', undefined],
])('%s shows %j', (path, visit) => {
  expect(visitOf(path)).toEqual(visit);
});
