/** A line is said again elsewhere: its words and files, and nothing of who said it where. */
import type { City, PublishFailure } from '#client/city/city.ts';
import type { Letters } from '#client/direct/letters.ts';
import { sealedFileOf } from '#features/chat/index.ts';
import type { LineRow } from '#features/chat/index.ts';
import type { GroupRow } from '#features/groups/index.ts';
import { isTalk, peopleOf } from '#protocol/direct/rumors.ts';
import type { Draft } from '#protocol/event.ts';
import { lineKindFor } from '#protocol/groups.ts';
import { DIRECT_MESSAGE } from '#protocol/kinds.ts';
import { makeSealedFile } from '#protocol/media/sealed-files.ts';
import { FORWARDED_TAG, makeLine } from '#protocol/messages.ts';
import { fail } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

type Said = Pick<LineRow, 'group' | 'text' | 'files' | 'previews' | 'sealed'>;

interface ForwardingPorts {
  readonly city: Pick<City, 'publish'>;
  readonly letters: Pick<Letters, 'send'> & { readonly inboxes: Pick<Letters['inboxes'], 'seek'> };
  /** What is known of a place. */
  readonly placeOf: (id: string) => Promise<Pick<GroupRow, 'supportedKinds'> | undefined>;
}

/** `sealed`: the key of a file of private talk is not for a place. */
type ForwardFailure = PublishFailure | Failure<'sealed' | 'missing'>;

/** True where more people will read it than those it was said to. */
export const leavesPrivacy = (line: Pick<LineRow, 'group'>, target: string): boolean =>
  isTalk(line.group) && !isTalk(target);

/** What is said in a private talk: a file with its key, or words. */
const draftForTalk = (line: Said, talk: string, people: readonly string[]): Draft => {
  const sealed = sealedFileOf(line);
  if (!sealed) return draftFor(line, talk, DIRECT_MESSAGE);
  const draft = makeSealedFile(sealed, people);
  return { ...draft, tags: [...draft.tags, FORWARDED_TAG] };
};

const draftFor = ({ text, files = [], previews = [] }: Said, group: string, kind: number): Draft =>
  makeLine({ group, kind, text, files, previews, forwarded: true });

/** Says a line again in a place or a private talk (`target`). Nobody is called by name by it. */
export const forward = async (
  line: Said,
  target: string,
  { city, letters, placeOf }: ForwardingPorts,
): Promise<Result<unknown, ForwardFailure>> => {
  const people = peopleOf(target);
  if (people) {
    await letters.inboxes.seek(people);
    return letters.send(draftForTalk(line, target, people), people);
  }
  if (sealedFileOf(line)) return fail('sealed', 'A sealed file is for people only.');
  const place = await placeOf(target);
  return place
    ? city.publish(draftFor(line, target, lineKindFor(place)))
    : fail('missing', 'That place is not known here.');
};
