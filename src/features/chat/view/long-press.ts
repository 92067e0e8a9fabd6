/** A finger that stays: an attachment that tells after 450 ms without a move. */
import type { Attachment } from 'svelte/attachments';

const HOLD_MS = 450;
const SLACK = 10;

/** Calls back with the element pressed on; links and text being selected keep their own long press. */
export const longPress =
  (onpress: (target: Element) => void): Attachment<HTMLElement> =>
  (node) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let from = { x: 0, y: 0 };
    let hasFired = false;
    const stop = () => clearTimeout(timer);
    const down = (event: PointerEvent) => {
      stop();
      hasFired = false;
      const { target } = event;
      if (
        event.pointerType === 'mouse' ||
        !(target instanceof Element) ||
        target.closest('a, [role=toolbar]')
      )
        return;
      from = { x: event.clientX, y: event.clientY };
      timer = setTimeout(() => {
        hasFired = true;
        onpress(target);
      }, HOLD_MS);
    };
    const move = (event: PointerEvent) => {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > SLACK) stop();
    };
    // Lifting the finger is not a press on what lies under it.
    const click = (event: MouseEvent) => {
      if (!hasFired) return;
      hasFired = false;
      event.preventDefault();
      event.stopPropagation();
    };
    const ends = ['pointerup', 'pointercancel', 'pointerleave'] as const;
    node.addEventListener('pointerdown', down);
    node.addEventListener('pointermove', move);
    node.addEventListener('click', click, true);
    ends.forEach((name) => node.addEventListener(name, stop));
    return () => {
      stop();
      node.removeEventListener('pointerdown', down);
      node.removeEventListener('pointermove', move);
      node.removeEventListener('click', click, true);
      ends.forEach((name) => node.removeEventListener(name, stop));
    };
  };
