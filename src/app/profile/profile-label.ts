/** Whose profile this is, for the lock screen and the switcher, which cannot read the profile itself. */
import type { Services } from '../services.ts';

/** Keeps the profile's label at what the account is called. Reactive: call it in an effect. */
export const keepLabel = ({ account, keeper }: Services): void => {
  const { phase, pubkey, profile } = account;
  if (phase !== 'ready' || pubkey === undefined || !profile?.isLoaded) return;
  const name = profile.shown.name ?? '';
  if (keeper.label?.pubkey === pubkey && keeper.label.name === name) return;
  keeper
    .setLabel({ name, pubkey })
    .catch((cause: unknown) => console.error('The profile has no label', cause));
};
