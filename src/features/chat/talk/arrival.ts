/** How far one's own line of a private talk has come, person by person. */
import { letters } from '#client/direct/tables.ts';
import type { LetterRow } from '#client/direct/tables.ts';
import type { RowReader } from '#client/store/table.ts';
import { peopleOf } from '#protocol/direct/rumors.ts';
import { confirmationsOf } from '../rows/receipts.ts';
import type { Confirmed } from '../rows/receipts.ts';
import type { LineRow } from '../rows/tables.ts';

/** `held`: nobody knows where they receive; the others in the order in which they follow each other. */
type ArrivalState = LetterRow['state'] | 'delivered' | 'read';

export interface PersonArrival extends Confirmed {
  readonly person: string;
  readonly state: ArrivalState;
  /** Their wrap, where one can still be sent again. */
  readonly wrap?: string;
  /** The relay's words when it refused. */
  readonly reason?: string;
}

export interface Arrival {
  /** What holds for everybody: the least far of those whom it can reach. */
  readonly state: 'pending' | 'sent' | 'delivered' | 'read' | 'failed';
  /** The others of the talk. */
  readonly people: readonly PersonArrival[];
}

const ofPerson = (
  person: string,
  letter: LetterRow | undefined,
  confirmed: Confirmed = {},
  fallback: LineRow['state'],
): PersonArrival => {
  if (confirmed.read !== undefined) return { person, state: 'read', ...confirmed };
  if (confirmed.delivered !== undefined) return { person, state: 'delivered', ...confirmed };
  if (!letter) return { person, state: fallback };
  const { id: wrap, state, reason } = letter;
  return {
    person,
    state,
    ...(state === 'sent' ? {} : { wrap }),
    ...(reason === undefined ? {} : { reason }),
  };
};

const ORDER = ['pending', 'sent', 'delivered', 'read'] as const;

/** Those whom it cannot reach count only where there is nobody else. */
const common = (people: readonly PersonArrival[]): Arrival['state'] => {
  const states = people.map(({ state }) => state);
  const known = ORDER.find((state) => states.includes(state));
  return known ?? (states.includes('failed') ? 'failed' : 'pending');
};

/** Reads how far an own line has come. Undefined outside of private talk, or where nobody else is in it. */
export const arrivalOf = async (rows: RowReader, line: LineRow): Promise<Arrival | undefined> => {
  const others = peopleOf(line.group)?.filter((person) => person !== line.author) ?? [];
  if (others.length === 0) return undefined;
  const [sent, confirmed] = await Promise.all([
    rows.part(letters, { part: line.id }),
    confirmationsOf(rows, line),
  ]);
  const people = others.map((person) =>
    ofPerson(
      person,
      sent.find(({ to }) => to === person),
      confirmed.get(person),
      line.state,
    ),
  );
  return { state: common(people), people };
};
