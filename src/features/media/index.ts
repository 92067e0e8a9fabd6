/** Media's door: files prepared, attached, shown. */
export { default as Attached } from './show/Attached.svelte';
