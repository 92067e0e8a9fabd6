/** The settings' door. */
export { settingsTable } from './table.ts';
export { reminderOf } from './storage/reminder.ts';
export { Settings } from './settings.svelte.ts';
export { default as SettingsPage } from './SettingsPage.svelte';
