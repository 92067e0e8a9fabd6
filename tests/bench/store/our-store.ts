/** Our store as the app opens it, with the app's projections. */
import { projections } from '#app/projections.ts';
import { openProfileStore } from '#client/store/opening/open-profile.ts';
import type { LocalEvent } from '#client/store/local-events.ts';
import type { ProfileKeys } from '#client/store/profiles/profile-keys.ts';
import { Packer } from '#client/store/seal/packing.ts';
import { openSealer } from '#client/store/seal/sealer.ts';
import { loadZstd } from '#client/store/seal/zstd.ts';
import type { SealedStore } from '#client/store/sealed/sealed-store.ts';
import { Vessel } from '#client/store/sealed/vessel.ts';
import type { Delivery } from './town.ts';

/** The same keys in every worker. */
const benchKeys = async (profile: string): Promise<ProfileKeys> => {
  const dataKey = new Uint8Array(32).fill(7);
  const deviceKey = await crypto.subtle.importKey('raw', new Uint8Array(32).fill(9), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
  return { profile, dataKey, deviceKey };
};

/** What seals a profile's log and rows. */
export const benchVessel = async (profile: string): Promise<Vessel> => {
  const { dataKey } = await benchKeys(profile);
  return new Vessel(await openSealer(dataKey, { profile }), new Packer(await loadZstd()));
};

export const openOurStore = async (profile: string): Promise<SealedStore> =>
  openProfileStore({ keys: await benchKeys(profile), projections, compressor: await loadZstd() });

/** As the intake says it to the log. */
export const seen = ({ event, relay }: Delivery): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  event,
  relay,
});
