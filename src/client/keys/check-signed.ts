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
  if (!event.ok) return changed('something that is no event', event.error);
  const signed = event.value;
  if (signed.pubkey !== pubkey) return changed('with another account’s key');
  if (!isDraft(signed, draft)) return changed('something else than it was asked to');
  if (!hasValidId(signed) || !isVerified(signed)) return changed('with a signature that does not hold');
  return ok(signed);
};

const isDraft = (event: NostrEvent, draft: FullDraft): boolean =>
  event.kind === draft.kind &&
  event.created_at === draft.created_at &&
  event.content === draft.content &&
  JSON.stringify(event.tags) === JSON.stringify(draft.tags);

const isVerified = ({ id, sig, pubkey, kind, tags, content, created_at }: NostrEvent): boolean =>
  verifyEvent({ id, sig, pubkey, kind, content, created_at, tags: tags.map((tag) => [...tag]) });

const changed = (what: string, cause?: unknown) =>
  fail('changed', `What holds your key signed ${what}; nothing was sent.`, cause);

/** A draft as signers want it: plain and mutable, so that nothing of ours can be changed by them. */
export const plainDraft = (
  draft: FullDraft,
): { kind: number; created_at: number; content: string; tags: string[][] } => ({
  kind: draft.kind,
  created_at: draft.created_at,
  content: draft.content,
  tags: draft.tags.map((tag) => [...tag]),
});
