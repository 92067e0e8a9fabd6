/** The door of the devices feature. */
export { default as ArriveHere } from './link/ArriveHere.svelte';
export { default as LinkAnother } from './link/LinkAnother.svelte';
export { DeviceBook } from './list/device-book.svelte.ts';
export { default as DeviceList } from './list/DeviceList.svelte';
