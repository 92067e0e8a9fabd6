/** Which keys lead to the search and to the quick switcher. */

/** `find`: Ctrl/Cmd+F or `/`; `switch`: Ctrl/Cmd+K; `region`, `back`: F6, with Shift; `next`: n, the next unread; `keys`: `?`. */
export type Shortcut = 'find' | 'switch' | 'region' | 'back' | 'next' | 'keys';

export type Press = Pick<
  KeyboardEvent,
  | 'key'
  | 'code'
  | 'ctrlKey'
  | 'metaKey'
  | 'altKey'
  | 'shiftKey'
  | 'isComposing'
  | 'repeat'
  | 'defaultPrevented'
>;

/**
 * The shortcut of a key press, if it is one. `isTyping`: the caret is in a text, where `/` is a sign like others.
 * On Apple's keyboards Cmd is the key: Ctrl+F and Ctrl+K move and cut there. `letters`: single signs work as keys.
 */
export const shortcutOf = (
  press: Press,
  {
    isTyping,
    isApple,
    letters = true,
  }: { readonly isTyping: boolean; readonly isApple: boolean; readonly letters?: boolean },
): Shortcut | undefined => {
  if (press.isComposing || press.repeat || press.defaultPrevented || press.altKey) return undefined;
  const withCommand = isApple ? press.metaKey && !press.ctrlKey : press.ctrlKey && !press.metaKey;
  if (withCommand && !press.shiftKey)
    return { f: 'find', k: 'switch' }[letterOf(press)] as Shortcut | undefined;
  if (press.ctrlKey || press.metaKey) return undefined;
  if (press.key === 'F6') return press.shiftKey ? 'back' : 'region';
  return isTyping || !letters ? undefined : signShortcut(press);
};

/** Slash and question mark with Shift too: on many keyboards they are above a number. */
const signShortcut = (press: Press): Shortcut | undefined => {
  if (press.key === '/') return 'find';
  if (press.key === '?') return 'keys';
  return letterOf(press) === 'n' && !press.shiftKey ? 'next' : undefined;
};

/** The letter, or on keyboards of other scripts the one of its place. */
const letterOf = ({ key, code }: Press): string =>
  /^[a-z]$/i.test(key) ? key.toLowerCase() : /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : '';

/** True where letters become text. */
export const isTextTarget = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role=textbox]'));
