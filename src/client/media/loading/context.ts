/** The loader's context token, beneath the features that show files; `app` provides it. */
import { createContext } from 'svelte';
import type { MediaLoader } from './loader.ts';

export const [useMediaLoader, provideMediaLoader] = createContext<MediaLoader>();
