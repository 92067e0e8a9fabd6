/** Where Avatar finds the picture of whom it stands for; the app hands it in once, so that every face is the same everywhere. */
import { getContext, setContext } from 'svelte';

/** The address of a picture on the page's own host, reactive; undefined while there is none. */
export type FaceOf = (seed: string, form: 'roundel' | 'shield') => string | undefined;

const FACES = Symbol('faces');

/** Called while the component that everything stands in is made. */
export const provideFaces = (faceOf: FaceOf): FaceOf => setContext(FACES, faceOf);

/** Without anybody who knows faces (a page before the city is open) there are arms alone. */
export const useFaces = (): FaceOf => getContext<FaceOf | undefined>(FACES) ?? (() => undefined);
