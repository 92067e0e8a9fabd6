/** The slow pulse of what is happening now: elements over the canvas, so that the browser moves them without painting. */
import type { Mark } from '../places/scene.ts';

const MOST = 40;

/** Puts a pulse over every live mark (the first 40), and takes away the others. Still when motion is unwelcome. */
export const showPulses = (sheet: HTMLElement, marks: readonly Mark[]): void => {
  const live = marks.filter((mark) => mark.live).slice(0, MOST);
  while (sheet.children.length > live.length) sheet.lastElementChild?.remove();
  while (sheet.children.length < live.length) {
    const pulse = document.createElement('span');
    pulse.className = 'map-pulse';
    sheet.append(pulse);
  }
  for (const [at, { box, kind }] of live.entries()) {
    const pulse = sheet.children[at] as HTMLElement;
    pulse.dataset['kind'] = kind;
    pulse.style.transform = `translate(${box.left}px, ${box.top}px)`;
    pulse.style.inlineSize = `${box.right - box.left}px`;
    pulse.style.blockSize = `${box.bottom - box.top}px`;
  }
};
