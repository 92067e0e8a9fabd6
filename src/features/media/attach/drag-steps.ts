/** Dragging a row by its handle, told as steps of one place: the row follows by being put there. */

/** A move of the hand in rows: how many whole steps it has gone, given the height of one in pixels. */
export const stepsIn = (px: number, height: number): number =>
  height > 0 ? Math.trunc((px + Math.sign(px) * (height / 3)) / height) : 0;

/** An attachment for the handle inside a list's item. */
export const dragSteps =
  (onstep: (by: number) => void) =>
  (handle: HTMLElement): (() => void) => {
    let from: { y: number; pointer: number } | undefined;
    const down = (event: PointerEvent): void => {
      if (event.button !== 0) return;
      from = { y: event.clientY, pointer: event.pointerId };
      handle.setPointerCapture(event.pointerId);
    };
    const move = (event: PointerEvent): void => {
      if (from?.pointer !== event.pointerId) return;
      const height = handle.closest('li')?.getBoundingClientRect().height ?? 0;
      const steps = stepsIn(event.clientY - from.y, height);
      if (steps === 0) return;
      onstep(steps);
      from = { y: from.y + steps * height, pointer: from.pointer };
    };
    const up = (): void => {
      from = undefined;
    };
    const ears = [
      ['pointerdown', down],
      ['pointermove', move],
      ['pointerup', up],
      ['pointercancel', up],
    ] as const;
    for (const [name, hear] of ears) handle.addEventListener(name, hear as (event: Event) => void);
    return () => {
      for (const [name, hear] of ears) handle.removeEventListener(name, hear as (event: Event) => void);
    };
  };
