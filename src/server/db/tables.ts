/** The tables as Kysely sees them (seed 000's, plus what the relay's questions need). */
import type { ColumnType, Generated } from 'kysely';
import type { NostrEvent, Tags } from '#protocol/event.ts';
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
  /** A tsvector: what it can be searched for (NIP-50). */
  words: string | null;
}

interface EventTagTable {
  name: string;
  value: string;
  kind: number;
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

/** One row an event that was stored; what is counted, never what was said (migration 0005). */
interface MessageEventTable {
  time: Date;
  kind: number;
  group_id: string | null;
  author: number;
}

interface DailyMessageStatsView {
  day: string;
  kind: number;
  count: number;
  authors: number;
}

/** Who decided, when (Unix seconds) and why. */
interface Marked {
  reason: string;
  by_key: string;
  at: number;
}

/** What an operator took away, for undoing. */
interface RemovedEventTable {
  event_id: string;
  pubkey: string;
  event: ColumnType<NostrEvent, string, string>;
  /** `event:<id>` or `key:<pubkey>`: what was decided against. */
  because: string;
  removed_at: number;
  /** Whether its place was told, so that devices let it go too. */
  announced: boolean;
}

interface JobTable {
  name: string;
  state: 'running' | 'done' | 'failed';
  started_at: number;
  ended_at: number | null;
  progress: number | null;
  result: string | null;
}

/** A file whose bytes are there and that somebody owns (migration 0007). Times in Unix seconds. */
interface BlobTable {
  hash: string;
  size: number;
  type: string;
  created_at: number;
}

interface BlobOwnerTable {
  hash: string;
  pubkey: string;
  uploaded_at: number;
  /** Null: for as long as they like. */
  expires_at: number | null;
}

export interface Tables {
  events: EventTable;
  event_tags: EventTagTable;
  tombstones: TombstoneTable;
  groups: GroupTable;
  group_members: GroupMemberTable;
  group_metadata: GroupMetadataTable;
  push_subscriptions: PushSubscriptionTable;
  message_events: MessageEventTable;
  daily_message_stats: DailyMessageStatsView;
  banned_keys: Marked & { pubkey: string };
  banned_events: Marked & { event_id: string };
  allowed_keys: Marked & { pubkey: string };
  blocked_addresses: Marked & { address: string };
  disallowed_kinds: { kind: number; at: number };
  city_settings: { name: string; value: string; at: number };
  removed_events: RemovedEventTable;
  report_states: { target: string; done: string; by_key: string; at: number };
  city_jobs: JobTable;
  blobs: BlobTable;
  blob_owners: BlobOwnerTable;
  gone_blobs: { hash: string; reason: 'expired' | 'removed'; at: number };
  loose_blobs: { hash: string; due: number };
  uploads: { id: string; pubkey: string; size: number; created_at: number };
  city_names: { pubkey: string; name: string; claimed_at: number };
  used_requests: { event_id: string; until: number };
}
