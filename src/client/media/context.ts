/** Context token of the files' door; `app` provides the value. */
import { createContext } from 'svelte';
import type { MediaDesk } from './media.ts';

export const [useMedia, provideMedia] = createContext<MediaDesk>();
