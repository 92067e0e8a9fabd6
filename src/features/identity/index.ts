/** Identity's door. */
export { default as AccountPage } from './account/AccountPage.svelte';
export { default as RecoveryOffer } from './account/RecoveryOffer.svelte';
export { failureWords } from './keeping/words.ts';
export { AccountController } from './keeping/identity.svelte.ts';
export { default as Unlock } from './welcome/Unlock.svelte';
export { default as Welcome } from './welcome/Welcome.svelte';
