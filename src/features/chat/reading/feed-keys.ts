/** Which keys mean something on a line of a timeline. */

/** What a key asks for. `unread`: the next line that is new; `write`: back to the field below. */
export type FeedMove =
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'first'
  | 'last'
  | 'enter'
  | 'reply'
  | 'reword'
  | 'unread'
  | 'write';

export type FeedPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'
>;

const named: Readonly<Record<string, FeedMove>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
  Home: 'first',
  End: 'last',
  Enter: 'enter',
  ContextMenu: 'enter',
  Escape: 'write',
};
const letters: Readonly<Record<string, FeedMove>> = { r: 'reply', e: 'reword', n: 'unread' };

/** The letter, or on keyboards of other scripts the one of its place. */
const letterOf = ({ key, code }: FeedPress): string =>
  /^[a-z]$/i.test(key) ? key.toLowerCase() : /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : '';

/** What a key press on a line asks for; undefined for one that is somebody else's. */
export const feedMoveOf = (press: FeedPress): FeedMove | undefined => {
  if (press.isComposing || press.ctrlKey || press.metaKey || press.altKey) return undefined;
  if (press.shiftKey) return press.key === 'F10' ? 'enter' : undefined;
  return Object.hasOwn(named, press.key) ? named[press.key] : letters[letterOf(press)];
};
