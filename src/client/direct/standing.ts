/** Who may speak at once, and whose first words wait in a tray of their own. */
import { isSaid, peopleOf, talkOf, talkPeople } from '#protocol/direct/rumors.ts';
import type { Rumor } from '#protocol/direct/rumors.ts';
import type { RowWriter } from '../store/table.ts';
import { acquaintances, talks } from './tables.ts';

const open = (rows: RowWriter, talk: string): void => {
  rows.put(talks, { id: talk, standing: 'open' });
  for (const person of peopleOf(talk) ?? []) rows.put(acquaintances, { id: person });
};

/** Who is spoken to, may speak. */
export const standBySaying = (rows: RowWriter, rumor: Rumor): void => {
  if (isSaid(rumor)) open(rows, talkOf(talkPeople(rumor), rumor.pubkey));
};

/** The first words of a talk: by somebody known, or a request. What was said on another device of one's own opens it too. */
export const standByHearing = async (rows: RowWriter, rumor: Rumor, self: string): Promise<void> => {
  if (!isSaid(rumor)) return;
  const talk = talkOf(talkPeople(rumor), self);
  if (rumor.pubkey === self) return open(rows, talk);
  if (await rows.get(talks, talk)) return;
  const isKnown = (await rows.get(acquaintances, rumor.pubkey)) !== undefined;
  rows.put(talks, { id: talk, standing: isKnown ? 'open' : 'request' });
};

/** The person's answer to a request. */
export const answerRequest = (rows: RowWriter, talk: string, answer: 'accepted' | 'ignored'): void => {
  if (answer === 'accepted') open(rows, talk);
  else rows.put(talks, { id: talk, standing: 'ignored' });
};
