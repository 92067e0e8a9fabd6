/** Which rows of the city can be found, and as what. */
import { lines, wordsOfLine } from '#features/chat/index.ts';
import { foundTable } from '#features/finding/index.ts';
import type { FoundTable } from '#features/finding/index.ts';
import { groups, isHere, requests } from '#features/groups/index.ts';
import { people } from '#features/people/index.ts';

export const foundTables: readonly FoundTable[] = [
  foundTable(lines, (row) => {
    const { id, group, author, at, deletedBy } = row;
    const text = wordsOfLine(row);
    return deletedBy === undefined && text !== '' ? { kind: 'line', id, group, author, at, text } : undefined;
  }),
  foundTable(groups, (row) =>
    isHere(row) ? { kind: 'place', id: row.id, name: row.name, about: row.about } : undefined,
  ),
  foundTable(requests, ({ group, pubkey, asked }) =>
    asked?.text
      ? { kind: 'request', group, author: pubkey, at: asked.created_at, text: asked.text }
      : undefined,
  ),
  foundTable(people, ({ pubkey, profile }) => ({
    kind: 'person',
    pubkey,
    name: profile.name ?? '',
    about: profile.about ?? '',
  })),
];
