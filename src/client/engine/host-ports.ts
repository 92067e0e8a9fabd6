/** What the engine's host needs of its worker. */
import type { AwaitedUploads, Locks, OutboxNews } from '../outbox/ports.ts';
import type { RelayPorts } from '../relays/ports.ts';
import type { Moving } from '../store/moving/plain-database.ts';
import type { ProfileKeys } from '../store/profiles/profile-keys.ts';
import type { ProfileRegister } from '../store/profiles/profile-register.ts';
import type { Compressor } from '../store/seal/packing.ts';
import type { FollowedPlaces } from './catching-up.ts';
import type { VerifyBatch } from './verify-batch.ts';

export interface HostPorts {
  readonly relays: RelayPorts;
  readonly locks: Locks;
  /** Tells whoever sends while no page is open, and hears from it, that a profile's queue has answers. */
  readonly outboxNews: OutboxNews;
  /** Files of a profile that its lines wait for; none unless told. */
  readonly uploads?: (keys: ProfileKeys) => Promise<AwaitedUploads | undefined>;
  readonly verify: VerifyBatch;
  readonly compressor: () => Promise<Compressor>;
  /** Where this browser's profiles are listed. */
  readonly register: ProfileRegister;
  /** Whose places are caught up on whenever the city is there again; none unless told. */
  readonly followed?: FollowedPlaces;
  /** A database of the app's first version, whose contents belong to the first profile that is opened. */
  readonly earlier?: Pick<Moving, 'database' | 'meta'>;
}
