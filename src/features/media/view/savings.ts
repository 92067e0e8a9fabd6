/** The files of this page that are being saved. */
import type { MediaSource } from '#client/media/loading/source.ts';
import { Saving } from './saving.svelte.ts';
import type { SavingPorts } from './saving.svelte.ts';

const known = new WeakMap<object, Map<string, Saving>>();

/** The one saving of a file: a line that is scrolled away and back finds it under way. */
export const savingOf = (source: MediaSource, name: string, ports: SavingPorts): Saving => {
  const all = known.get(ports.loader) ?? new Map<string, Saving>();
  known.set(ports.loader, all);
  const id = `${source.hash ?? source.url} ${name}`;
  const saving = all.get(id) ?? new Saving(source, name, ports);
  all.set(id, saving);
  return saving;
};
