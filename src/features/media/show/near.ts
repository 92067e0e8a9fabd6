/** Whether an element is in sight or soon will be, from one observer for all of them. */
import type { Attachment as ElementAttachment } from 'svelte/attachments';

/** So far outside the view things are loaded already, in CSS pixels. */
const MARGIN = '600px';

type Told = (isNear: boolean) => void;
const told = new WeakMap<Element, Told>();
let observer: IntersectionObserver | undefined;

const open = (): IntersectionObserver => {
  // A margin of scrollers is newer than TypeScript's library; without it things load as they come into view.
  const options: IntersectionObserverInit & { scrollMargin: string } = {
    rootMargin: MARGIN,
    scrollMargin: MARGIN,
  };
  return new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) told.get(target)?.(isIntersecting);
  }, options);
};

/** Tells when the element comes near the view and when it goes away from it. */
export const near =
  (tell: Told): ElementAttachment<HTMLElement> =>
  (element) => {
    observer ??= open();
    told.set(element, tell);
    observer.observe(element);
    return () => {
      observer?.unobserve(element);
      told.delete(element);
    };
  };
