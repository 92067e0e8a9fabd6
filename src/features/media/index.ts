/** Media's door: files prepared, attached, shown. */
export { default as Attached } from './show/Attached.svelte';
export { default as Still } from './still/Still.svelte';
export { default as MirrorPart } from './stored/MirrorPart.svelte';
export { default as SeenPart } from './stored/SeenPart.svelte';
export { default as SentPart } from './stored/SentPart.svelte';
export { default as Attach } from './attach/Attach.svelte';
export { default as Tray } from './attach/Tray.svelte';
export { makeTrays } from './attach/make-trays.ts';
export { default as PictureField } from './picture/PictureField.svelte';
export { Told } from './attach/told.svelte.ts';
export type { Trays } from './attach/trays.ts';
