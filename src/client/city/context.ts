/** Context tokens, beneath the features that read them; `app` provides the values. */
import { createContext } from 'svelte';
import type { City, People } from './city.ts';

export const [useCity, provideCity] = createContext<City>();
export const [usePeople, providePeople] = createContext<People>();
