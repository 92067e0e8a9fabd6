/** Checks what an extension or bunker hands back: it may have signed something else. */
import { verifyEvent } from 'nostr-tools/pure';
import { hasValidId, parseEvent } from '#protocol/event.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

export type FullDraft = Draft & { readonly created_at: number };

/** Passes an event that is the draft's own, by this key, with a right id and signature; else fails with `changed`. */
export const checkSigned = (
  value: unknown,
  draft: FullDraft,
  pubkey: string,
): Result<NostrEvent, Failure<'changed'>> => {
  const event = parseEvent(value);
  if (!event.ok) return changed('signed something that is no event', event.error);
  const signed = event.value;
  if (signed.pubkey !== pubkey) return changed('signed with another account’s key');
  const kept = checkKept(signed, draft);
  if (!kept.ok) return kept;
  if (!hasValidId(signed)) return changed('signed with an id that is not its own');
  if (!isVerified(signed)) return changed('signed with a signature that does not hold');
  return ok(signed);
};

/** Passes an event that says what its draft said; else fails with `changed` and names what differs. */
export const checkKept = (signed: NostrEvent, draft: FullDraft): Result<NostrEvent, Failure<'changed'>> => {
  const fields = [
    ...(signed.kind === draft.kind ? [] : ['the kind']),
    ...(signed.created_at === draft.created_at ? [] : ['the time']),
    ...(JSON.stringify(signed.tags) === JSON.stringify(draft.tags) ? [] : ['the tags']),
    ...(signed.content === draft.content ? [] : ['the text']),
  ];
  return fields.length === 0 ? ok(signed) : changed(`changed ${inWords(fields)} before signing`);
};

const inWords = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;

const isVerified = ({ id, sig, pubkey, kind, tags, content, created_at }: NostrEvent): boolean =>
  verifyEvent({ id, sig, pubkey, kind, content, created_at, tags: tags.map((tag) => [...tag]) });

const changed = (what: string, cause?: unknown) =>
  fail('changed', `What holds your key ${what}; nothing was sent.`, cause);

/** A draft as signers want it: plain and mutable, so that nothing of ours can be changed by them. */
export const plainDraft = (
  draft: FullDraft,
): { kind: number; created_at: number; content: string; tags: string[][] } => ({
  kind: draft.kind,
  created_at: draft.created_at,
  content: draft.content,
  tags: draft.tags.map((tag) => [...tag]),
});
