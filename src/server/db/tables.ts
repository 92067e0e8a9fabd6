/** The tables as Kysely sees them (seed 000's, plus what the relay's questions need). */
import type { ColumnType, Generated } from 'kysely';
import type { Tags } from '#protocol/event.ts';
import type { PushWant } from '#protocol/push.ts';

interface EventTable {
  id: Generated<number>; // order of acceptance: what moderation events are replayed in
  event_id: string;
  pubkey: string;
  created_at: number;
  kind: number;
  tags: Tags;
  content: string;
  sig: string;
  /** The place an event belongs to: its `h`, or the `d` of the relay's own 39000–39009. */
  group_id: string | null;
  /** The `d` of addressable events, '' of replaceable ones, null otherwise. */
  identifier: string | null;
  /** NIP-40, Unix seconds. */
  expires_at: number | null;
}

interface EventTagTable {
  name: string;
  value: string;
  created_at: number;
  event_id: string;
}

/** What was taken away, so that it does not come back: an event id or a `kind:pubkey:d` address. */
interface TombstoneTable {
  target: string;
  /** Whose event it must be to count: a public key, or `h:<id>` for any event of that place (its admins took it away). */
  author: string;
  /** For addresses: versions up to this time are gone, Unix seconds. */
  deleted_at: number;
}

interface GroupTable {
  group_id: string;
  name: string;
  description: string | null;
  geohash: string;
  latitude: number;
  longitude: number;
  privacy_level: string;
  picture: string | null;
  relay_url: string;
  created_by: string;
  is_active: boolean;
  member_count: number;
  active_call_id: string | null;
  created_at: number;
  updated_at: number;
}

interface GroupMemberTable {
  group_id: string;
  pubkey: string;
  role: string;
  joined_at: number;
  added_by: string | null;
}

interface GroupMetadataTable {
  group_id: string;
  key: string;
  value: unknown;
  updated_at: number;
}

/** Devices to wake: one row for each endpoint and key. Times in Unix seconds. */
interface PushSubscriptionTable {
  id: Generated<number>;
  endpoint: string;
  pubkey: string;
  tag: string;
  p256dh: string;
  auth: string;
  wants: ColumnType<readonly PushWant[], string, string>;
  created_at: number;
  updated_at: number;
  /** When the push service last took a wake. */
  last_ok: number | null;
  /** Wakes that came to nothing since. */
  failures: Generated<number>;
}

export interface Tables {
  events: EventTable;
  event_tags: EventTagTable;
  tombstones: TombstoneTable;
  groups: GroupTable;
  group_members: GroupMemberTable;
  group_metadata: GroupMetadataTable;
  push_subscriptions: PushSubscriptionTable;
}
