/** One wake to one device: encrypted and signed by web-push (RFC 8291, 8292), sent by our own guarded request. */
import webPush from 'web-push';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { DAY, MINUTE } from '#shared/time.ts';
import { encodePushPayload } from '#protocol/push.ts';
import type { PushAddress } from '#protocol/push.ts';
import type { GuardedPost, PostAnswer } from './guarded-post.ts';
import type { VapidKeys } from './vapid.ts';

/** What became of a wake; `waitMs` is what the push service asked for. */
export type Outcome =
  | { readonly kind: 'sent' }
  /** The push service does not know the device any more (404, 410). */
  | { readonly kind: 'gone' }
  /** It may work later: busy, broken, not to be reached. */
  | { readonly kind: 'later'; readonly waitMs?: number }
  /** It will not work by waiting. */
  | { readonly kind: 'refused' };

/** Sends a wake, or a self-test. Never throws. */
export type SendWake = (
  device: { readonly address: PushAddress; readonly tag: string },
  options: { readonly test: boolean },
) => Promise<Outcome>;

const MAX_WAIT_MS = DAY * 1000;

/** `Retry-After`: seconds or a date. */
const waitOf = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined) return undefined;
  const wait = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.min(MAX_WAIT_MS, Math.max(0, wait)) : undefined;
};

const later = (waitMs?: number): Outcome => ({ kind: 'later', ...(waitMs === undefined ? {} : { waitMs }) });

const outcomeOf = ({ status, retryAfter }: PostAnswer): Outcome => {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status === 404 || status === 410) return { kind: 'gone' };
  if (status === 429 || status === 408 || status >= 500) return later(waitOf(retryAfter, Date.now()));
  return { kind: 'refused' };
};

/** Whom a push service may turn to: the city's address where it has a public one. */
const subjectOf = (url: URL): string =>
  url.protocol === 'https:' && url.hostname !== 'localhost' ? url.href : 'mailto:nobody@city.invalid';

export interface SenderPorts {
  readonly keys: VapidKeys;
  readonly post: Pick<GuardedPost, 'post'>;
  readonly publicUrl: () => URL;
}

type Details = ReturnType<typeof webPush.generateRequestDetails>;

const sealWake = (
  { keys, publicUrl }: SenderPorts,
  { address, tag }: Parameters<SendWake>[0],
  test: boolean,
): Result<Details, Failure<'keys'>> => {
  try {
    const payload = encodePushPayload({ tag, test });
    const details = webPush.generateRequestDetails(address, payload, {
      vapidDetails: { subject: subjectOf(publicUrl()), ...keys },
      contentEncoding: 'aes128gcm',
      urgency: 'high',
      // A later wake takes the place of one not delivered yet; a self-test takes nobody's.
      ...(test ? { TTL: 5 * MINUTE } : { TTL: DAY, topic: tag }),
    });
    return ok(details);
  } catch (cause) {
    return fail('keys', 'the keys of the subscription are not fit for encryption', cause);
  }
};

/** True when a push can be encrypted to these keys: the point is on the curve. */
export const canEncryptTo = (ports: SenderPorts, address: PushAddress): boolean =>
  sealWake(ports, { address, tag: '0'.repeat(32) }, true).ok;

/** The sender. */
export const makeSender =
  (ports: SenderPorts): SendWake =>
  async (device, { test }) => {
    const details = sealWake(ports, device, test);
    if (!details.ok) return { kind: 'refused' };
    const { headers, body } = details.value;
    const answer = await ports.post.post(device.address.endpoint, headers, body ?? new Uint8Array());
    if (answer.ok) return outcomeOf(answer.value);
    return answer.error.code === 'forbidden' ? { kind: 'refused' } : later();
  };
