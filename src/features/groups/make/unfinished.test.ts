import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeCreateGroup } from '#protocol/groups.ts';
import type { GroupProfile } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Geohash } from '#shared/geohash.ts';
import { anyText } from '../../../../tests/support/wire-arbitraries.ts';
import { parseCreateGroup } from './unfinished.ts';

const anyProfile: fc.Arbitrary<GroupProfile> = fc.record(
  {
    name: anyText.map((text) => text.trim()),
    about: anyText,
    geohash: fc.constantFrom('u', 'u33d', 'u33dc1') as unknown as fc.Arbitrary<Geohash>,
    modes: fc.record({
      private: fc.boolean(),
      restricted: fc.boolean(),
      closed: fc.boolean(),
      hidden: fc.boolean(),
    }),
  },
  { requiredKeys: ['name', 'about', 'modes'] },
);

test('every place that can be made is read back, word for word', () => {
  fc.assert(
    fc.property(anyProfile, (profile) => {
      const draft = makeCreateGroup('harbour', profile);
      const mined = { ...draft, tags: [...draft.tags, ['nonce', '77', '28']] };
      expect(parseCreateGroup(mined)).toEqual({ id: 'harbour', profile });
    }),
  );
});

test('anything else is no place', () => {
  expect(parseCreateGroup({ kind: kinds.NOTE, tags: [['h', 'harbour']] })).toBeUndefined();
  expect(parseCreateGroup({ kind: kinds.CREATE_GROUP, tags: [] })).toBeUndefined();
  expect(parseCreateGroup({ kind: kinds.CREATE_GROUP, tags: [['h', '../x']] })).toBeUndefined();
  expect(
    parseCreateGroup({
      kind: kinds.CREATE_GROUP,
      tags: [
        ['h', 'a'],
        ['g', 'not a cell'],
      ],
    }),
  ).toMatchObject({
    profile: { name: '', about: '' },
  });
});
