/** What one can do with a line besides reacting and answering, in the order of the menu. Pure. */
import CheckCheck from '@lucide/svelte/icons/check-check';
import Copy from '@lucide/svelte/icons/copy';
import EyeOff from '@lucide/svelte/icons/eye-off';
import Forward from '@lucide/svelte/icons/forward';
import Link from '@lucide/svelte/icons/link';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import Pencil from '@lucide/svelte/icons/pencil';
import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import Trash2 from '@lucide/svelte/icons/trash-2';
import VolumeX from '@lucide/svelte/icons/volume-x';
import { m } from '#messages/paraglide/messages.js';
import { isTalk } from '#protocol/direct/rumors.ts';
import { displayText } from '#shared/text.ts';
import type { MenuAction, MenuItem } from '#ui/controls/menu.ts';
import type { LineRow } from '../rows/tables.ts';
import type { Talk } from './talk.ts';

interface Hand {
  readonly talk: Talk;
  readonly isOwn: boolean;
  /** Where this app lies, without a slash at its end. */
  readonly origin: string;
  readonly copy: (text: string) => void;
  /** Shows with whom the line has arrived. */
  readonly arrivals: () => void;
  /** Puts its author away; absent where that cannot be, or is done. */
  readonly mute: { readonly name: string; readonly start: () => void } | undefined;
}

/** The menu of a line. */
export const lineMenu = (line: LineRow, hand: Hand): MenuItem[] => [
  ...looking(line, hand),
  'line',
  ...takingAway(line, hand),
];

const looking = (line: LineRow, { talk, origin, copy, arrivals }: Hand): MenuAction[] => {
  const list: MenuAction[] = [];
  if (!talk.isThread)
    list.push({ label: m.chat_open_thread(), icon: MessagesSquare, onselect: () => talk.onthread(line) });
  list.push({ label: m.chat_copy_text(), icon: Copy, onselect: () => copy(displayText(line.text)) });
  // A link to a private line leads nobody else anywhere.
  if (line.state === 'sent' && !isTalk(line.group))
    list.push({
      label: m.chat_copy_link(),
      icon: Link,
      onselect: () => copy(`${origin}/g/${line.group}?line=${line.id}`),
    });
  const { onforward } = talk;
  if (onforward && line.state === 'sent' && line.expires === undefined && !line.poll)
    list.push({ label: m.chat_forward(), icon: Forward, onselect: () => onforward(line) });
  const mayPin = talk.canWrite && (isTalk(line.group) || talk.isAdmin);
  if (mayPin && line.state === 'sent') list.push(...pinning(line, talk));
  if (talk.canWrite && talk.deeds.canReword(line))
    list.push({ label: m.chat_reword(), icon: Pencil, onselect: () => talk.onreword(line) });
  if (talk.extras.arrivals.has(line.id))
    list.push({ label: m.chat_arrival(), icon: CheckCheck, onselect: arrivals });
  return list;
};

const pinning = ({ id }: LineRow, { pins }: Talk): MenuAction[] => {
  if (pins.has(id)) return [{ label: m.chat_unpin(), icon: PinOff, onselect: () => void pins.toggle(id) }];
  return pins.isFull ? [] : [{ label: m.chat_pin(), icon: Pin, onselect: () => void pins.toggle(id) }];
};

const takingAway = (line: LineRow, { talk, isOwn, mute }: Hand): MenuAction[] => {
  const list: MenuAction[] = [];
  if (line.state === 'sent')
    list.push({ label: m.chat_delete_here(), icon: EyeOff, onselect: () => talk.deeds.hideLine(line) });
  if (mute) list.push({ label: m.chat_mute({ name: mute.name }), icon: VolumeX, onselect: mute.start });
  if (isOwn || talk.isAdmin)
    list.push({
      label: isOwn ? m.chat_delete() : m.chat_remove(),
      icon: Trash2,
      tone: 'danger',
      onselect: () => void talk.deeds.deleteLine(line),
    });
  return list;
};
