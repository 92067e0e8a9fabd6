/** The operator's page: its door. Opened on its own route, so nothing of it is in the first screen. */
export { default as AdminPage } from './AdminPage.svelte';
export { OperatorDesk } from './desk/desk.svelte.ts';
export { CityLine } from './desk/line.ts';
