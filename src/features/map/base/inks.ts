/** The map's colours and faces as a canvas can use them, read from the design system's tokens. */

const names = [
  'sea',
  'land',
  'land-edge',
  'border',
  'label',
  'label-halo',
  'water-label',
  'graticule',
  'city',
  'cell-line',
  'cell-fill',
  'cell-label',
  'cell-own-line',
  'cell-own-fill',
  'cell-selected',
  'cluster',
  'cluster-edge',
  'cluster-ink',
  'live',
] as const;

/** A colour of the map, by its token's name without `--map-`. */
type InkName = (typeof names)[number];

/** Every ink as a resolved CSS colour, and the two type faces. */
export interface Inks {
  readonly colours: Readonly<Record<InkName, string>>;
  readonly serif: string;
  readonly sans: string;
}

/** Reads the tokens that hold at `element`. A probe resolves var() and light-dark(), which a canvas cannot. */
export const readInks = (element: HTMLElement): Inks => {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const style = getComputedStyle(probe);
  const colours = {} as Record<InkName, string>;
  for (const name of names) {
    probe.style.color = `var(--map-${name})`;
    colours[name] = style.color;
  }
  const face = (name: string, fallback: string): string => style.getPropertyValue(name).trim() || fallback;
  const inks = { colours, serif: face('--font-serif', 'serif'), sans: face('--font-sans', 'sans-serif') };
  probe.remove();
  return inks;
};

/** Calls back after the theme, the system's scheme or its contrast has changed; answers how to stop. */
export const watchInks = (changed: () => void): (() => void) => {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-theme', 'class', 'style'],
  });
  const queries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'].map((query) =>
    matchMedia(query),
  );
  for (const query of queries) query.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    for (const query of queries) query.removeEventListener('change', changed);
  };
};
