/** How a message that is not taken is answered: in the terms of what it was, so that its sender can place the answer. */
import type { Reason } from '#protocol/reasons.ts';
import { formatReason } from '#protocol/reasons.ts';
import type { ClientMessage, MessageFailure, RelayMessage } from '#protocol/relay/messages.ts';
import { LIMITS } from './limits.ts';

/** The answer to a message that was understood but not taken. */
export const refusalOfMessage = (message: ClientMessage, reason: Reason): RelayMessage => {
  const words = formatReason(reason);
  switch (message.type) {
    case 'EVENT':
    case 'AUTH':
      return ['OK', message.event.id, false, words];
    case 'REQ':
    case 'COUNT':
      return ['CLOSED', message.subscription, words];
    case 'NEG-OPEN':
    case 'NEG-MSG':
      return ['NEG-ERR', message.subscription, words];
    case 'CLOSE':
    case 'NEG-CLOSE':
      return ['NOTICE', words];
  }
};

/** The answer to what could not be read. */
export const refusalOfUnread = (
  reason: Reason,
  about: Pick<MessageFailure, 'eventId' | 'subscription' | 'reconciliation'>,
): RelayMessage => {
  const words = formatReason(reason);
  if (about.eventId) return ['OK', about.eventId, false, words];
  if (about.subscription) return ['CLOSED', about.subscription, words];
  return about.reconciliation ? ['NEG-ERR', about.reconciliation, words] : ['NOTICE', words];
};

/** The answer to a frame that is too long to be parsed. */
export const refusalOfLength = (frame: string, size: number): RelayMessage => {
  const message = `a message has at most ${LIMITS.frame} bytes, this one has ${size}`;
  const eventId = /^\s*\[\s*"EVENT"/.test(frame) ? /"id"\s*:\s*"([0-9a-f]{64})"/.exec(frame)?.[1] : undefined;
  return refusalOfUnread({ code: 'invalid', message }, eventId ? { eventId } : {});
};
