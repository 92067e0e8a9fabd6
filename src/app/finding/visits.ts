/** Where the person went last; in memory only, gone with the page. */
import type { Visit } from '#features/finding/index.ts';

const MOST = 20;

export class Visits {
  #all: readonly Visit[] = [];

  /** Newest first. */
  get all(): readonly Visit[] {
    return this.#all;
  }

  /** Somebody is here now. */
  add(visit: Visit): void {
    const others = this.#all.filter(({ kind, id }) => kind !== visit.kind || id !== visit.id);
    this.#all = [visit, ...others].slice(0, MOST);
  }
}

/** The place or person that an address shows. */
export const visitOf = (path: string): Visit | undefined => {
  const [, room, id, ...rest] = path.split('/');
  if (id === undefined || id === '' || rest.length > 0) return undefined;
  if (room === 'people') return { kind: 'person', id };
  return room === 'g' ? { kind: 'place', id: decoded(id) } : undefined;
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
