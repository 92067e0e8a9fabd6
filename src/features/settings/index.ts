/** The settings' door. */
export { Settings } from './settings.svelte.ts';
export { default as SettingsPage } from './SettingsPage.svelte';
