import type { LocalEvent } from './local-events.ts';

/**
 * What makes a local event the same as one already in the log. Undefined for those that may be repeated: a draft, a
 * reading mark, another refusal after another try.
 */
export const logKey = (event: LocalEvent): string | undefined => {
  switch (event.type) {
    case 'RelayEventSeen':
      return seenKey(event.event.id);
    case 'EventSigned':
      return signedKey(event.event.id);
    case 'RumorSent':
      return saidKey(event.rumor.id);
    case 'WrapOpened':
      return openedKey(event.wrap);
    case 'ListOpened':
      return `list:${event.event}`;
    case 'EventAccepted':
      return `${acceptedPrefix(event.id)}${event.relay}`;
    case 'EventDiscarded':
      return discardedKey(event.id);
    case 'EventExpired':
      return expiredKey(event.id);
    case 'LineHidden':
      return hiddenKey(event.line);
    default:
      return undefined;
  }
};

/** The key of an event that a relay delivered, whichever relay it was. */
export const seenKey = (id: string): string => `seen:${id}`;
/** The key of an event that was signed here. */
const signedKey = (id: string): string => `signed:${id}`;
/** The key of a rumor that was said here. */
const saidKey = (id: string): string => `said:${id}`;
/** The key of a wrap that was opened. */
const openedKey = (wrap: string): string => `opened:${wrap}`;
/** The keys of everything in the log that holds what an event, a rumor or a wrap of this id says. */
export const carrierKeys = (id: string): readonly string[] => [
  seenKey(id),
  signedKey(id),
  saidKey(id),
  openedKey(id),
];
/** The key of an event that the person gave up. */
export const discardedKey = (id: string): string => `discarded:${id}`;
/** The key of an event whose time has come. */
export const expiredKey = (id: string): string => `expired:${id}`;
/** The key of a line that is not to be seen any more. */
const hiddenKey = (line: string): string => `hidden:${line}`;
/** How the keys of a relay's acceptance begin. */
const acceptedPrefix = (id: string): string => `accepted:${id}:`;
