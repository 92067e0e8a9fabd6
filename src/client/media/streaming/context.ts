/** The context token of addresses for files, beneath the features that play and save them; `app` provides it. */
import { createContext } from 'svelte';
import type { FileStreams } from './file-streams.ts';

export const [useFileStreams, provideFileStreams] = createContext<Pick<FileStreams, 'open'>>();
