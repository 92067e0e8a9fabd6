/** NIP-11: what the city says of itself as a relay. */
import type { RelayInformation } from '#protocol/relay/information.ts';
import { operatorMark } from '#protocol/relay/information.ts';
import { GIFT_WRAP } from '#protocol/kinds.ts';
import { DAY } from '#shared/time.ts';
import { workTable } from '#protocol/proof-of-work.ts';
import type { WorkMode } from '#protocol/proof-of-work.ts';
import type { CitySettings } from '../policy/rules.ts';
import { LIMITS } from '../relay/limits.ts';

const SUPPORTED_NIPS = [
  1, 9, 11, 13, 17, 22, 25, 29, 40, 42, 45, 50, 56, 59, 62, 65, 70, 77, 86, 98,
] as const;
export const VERSION = '0.1.0';

/** What the city says of itself where nobody has said anything else. */
export const DESCRIPTION = 'A city you can talk in: places on a map, people talking.';

/** NIP-11's document with what only we say (`pow`, `retention`, `operators`). */
export const describeRelay = (city: {
  readonly name: string;
  readonly self: string;
  readonly work: WorkMode;
  readonly letterDays: number;
  readonly operators: readonly string[];
  /** What the operators have set in the app. */
  readonly settings: CitySettings;
}): RelayInformation & Readonly<Record<string, unknown>> => ({
  name: city.settings.name ?? city.name,
  description: city.settings.description ?? DESCRIPTION,
  ...(city.settings.icon ? { icon: city.settings.icon } : {}),
  self: city.self,
  // nostr-tools' nip29 looks for what `self` has signed under this key: without an operator it finds it there.
  pubkey: city.operators[0] ?? city.self,
  operators: city.operators.map(operatorMark),
  supported_nips: SUPPORTED_NIPS,
  software: 'https://github.com/synchrono-city/synchrono-city',
  version: VERSION,
  limitation: {
    max_message_length: LIMITS.frame,
    max_subscriptions: LIMITS.subscriptions,
    max_filters: LIMITS.filters,
    max_limit: LIMITS.limit,
    max_subid_length: LIMITS.subscriptionId,
    max_event_tags: LIMITS.tags,
    max_content_length: LIMITS.event,
    created_at_lower_limit: LIMITS.past,
    created_at_upper_limit: LIMITS.future,
    auth_required: false,
    payment_required: false,
    restricted_writes: city.settings.allowListOnly,
  },
  nip29: { subgroups: true },
  pow: workTable(city.work),
  retention: [
    { kinds: [[20000, 29999]], time: 0 },
    { kinds: [GIFT_WRAP], time: city.letterDays * DAY },
    { time: null },
  ],
});
