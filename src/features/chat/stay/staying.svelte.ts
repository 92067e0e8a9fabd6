/** How long lines of a conversation stay, kept fresh. */
import type { City } from '#client/city/city.ts';
import { Live } from '#ui/live.svelte.ts';
import { staysIn } from '../rows/staying.ts';
import { conversations } from '../rows/tables.ts';

/** Seconds, 0 for good; to be stopped. */
export const liveStay = (city: Pick<City, 'get' | 'watch'>, group: string): Live<number> =>
  new Live(
    () => staysIn(city, group),
    (changed) => city.watch([{ table: conversations.name }], changed),
  );
