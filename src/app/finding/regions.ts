/** The regions of the screen that F6 goes through: whatever carries `data-region`, whose value selects where the focus lands in it. */

const TABBABLE = 'a[href], button:enabled, input:enabled, textarea:enabled, select:enabled, [tabindex="0"]';

const isShown = (element: Element): boolean =>
  element.checkVisibility({ visibilityProperty: true }) && element.closest('[inert]') === null;

const regionOf = (element: Element): Element | null => element.closest('[data-region]');

/** Where the focus lands in a region: its chosen element, else the first one that Tab reaches and that is in no inner region. */
const landingOf = (region: HTMLElement): HTMLElement | undefined => {
  const chosen = region.dataset['region'] ?? '';
  return [...region.querySelectorAll<HTMLElement>(chosen === '' ? TABBABLE : chosen)].find(
    (element) => element.tabIndex >= 0 && isShown(element) && regionOf(element) === region,
  );
};

/** Moves the focus to the next region (`by` 1) or the one before (-1), in a ring. False where there is none to go to. */
export const stepRegion = (by: 1 | -1): boolean => {
  const landings = [...document.querySelectorAll<HTMLElement>('[data-region]')].flatMap((region) => {
    const to = isShown(region) ? landingOf(region) : undefined;
    return to ? [{ region, to }] : [];
  });
  const here = document.activeElement && regionOf(document.activeElement);
  const at = landings.findIndex(({ region }) => region === here);
  const first = by === 1 ? 0 : landings.length - 1;
  const next = landings[at === -1 ? first : (at + by + landings.length) % landings.length];
  next?.to.focus();
  return next !== undefined;
};
