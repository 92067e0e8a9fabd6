/** Security's door. */
export { default as LockScreen } from './lock/LockScreen.svelte';
export { default as PanicRing } from './panic/PanicRing.svelte';
export { default as ProfileSwitcher } from './profiles/ProfileSwitcher.svelte';
export { default as SecuritySection } from './settings/SecuritySection.svelte';
