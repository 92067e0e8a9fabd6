/** Fingers and the wheel on pages: two fingers, or the wheel with Ctrl, change their size. */
import { on } from 'svelte/events';
import type { Attachment } from 'svelte/attachments';

const between = ({ touches: [a, b] }: TouchEvent): number =>
  a && b ? Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) : 0;

/** `onzoom` hears by what factor the size changes with each step of a hand. */
export const zooming =
  (onzoom: (by: number) => void): Attachment<HTMLElement> =>
  (element) => {
    let apart = 0;
    const move = (event: TouchEvent): void => {
      if (event.touches.length !== 2) return;
      event.preventDefault();
      const now = between(event);
      if (apart > 0 && now > 0) onzoom(now / apart);
      apart = now;
    };
    const turn = (event: WheelEvent): void => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      onzoom(Math.exp(-event.deltaY / 300));
    };
    const offs = [
      on(element, 'touchstart', (event) => void (apart = between(event)), { passive: true }),
      on(element, 'touchmove', move, { passive: false }),
      on(element, 'wheel', turn, { passive: false }),
    ];
    return () => offs.forEach((off) => off());
  };
