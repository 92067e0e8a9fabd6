/** Documents that concern nobody but their author (NIP-78): a relay gives them to nobody else, sealed as they are. */

/** What the names (`d`) of this app's own documents begin with. */
export const OWN_PREFIX = 'synchrono-city/';
/** The list of a person's devices (seed 001). */
export const DEVICE_LIST = 'devices';

/** True for the name of a document that only its author reads. */
export const isOwnBusiness = (name: string | undefined): boolean =>
  name === DEVICE_LIST || name?.startsWith(OWN_PREFIX) === true;
