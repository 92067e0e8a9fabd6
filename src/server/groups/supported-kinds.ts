/** Which kinds of events a place takes as talk (NIP-29's `supported_kinds`). */
import * as kinds from '#protocol/kinds.ts';

/** What a place takes that doesn't say (besides its management); ephemeral ones are not listed and always taken. */
export const SUPPORTED_KINDS: readonly number[] = [
  kinds.NOTE,
  kinds.DELETION,
  kinds.REACTION,
  kinds.CHAT_LINE,
  kinds.THREAD,
  kinds.EDIT,
  kinds.POLL_ANSWER,
  kinds.CALL_STARTED,
  kinds.CALL_ENDED,
  kinds.FILE_METADATA,
  kinds.POLL,
  kinds.COMMENT,
  kinds.REPORT,
];

const privateKinds: ReadonlySet<number> = new Set([
  kinds.LEGACY_DIRECT_MESSAGE,
  kinds.SEAL,
  kinds.DIRECT_MESSAGE,
  kinds.GIFT_WRAP,
  kinds.VANISH,
]);

/** True for what a place may choose to take: nobody's letters, profiles or lists, no management, nothing that isn't stored. */
export const isTalkKind = (kind: number): boolean =>
  !kinds.isReplaceable(kind) &&
  !kinds.isEphemeral(kind) &&
  !kinds.isGroupAction(kind) &&
  !kinds.isModeration(kind) &&
  !kinds.isGroupState(kind) &&
  kind !== kinds.APP_DATA &&
  !privateKinds.has(kind);

const isDefault = (wanted: ReadonlySet<number>): boolean =>
  wanted.size === SUPPORTED_KINDS.length && SUPPORTED_KINDS.every((kind) => wanted.has(kind));

/** A choice without repetitions; undefined for the city's own list, which may grow with the city. */
export const chosenKinds = (wanted: readonly number[]): readonly number[] | undefined => {
  const set = new Set(wanted);
  return isDefault(set) ? undefined : [...set];
};
