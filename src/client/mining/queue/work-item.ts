/** One piece of long work as it is kept on this device, and how it is read back: as a stranger's data. */
import { eventId, parseEvent } from '#protocol/event.ts';
import type { UnsignedEvent } from '#protocol/event.ts';
import { committedWork, countLeadingZeroBits } from '#protocol/proof-of-work.ts';
import { isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';

/** Why a piece of work stands still, in a sentence for the person. */
interface Trouble {
  readonly code: string;
  readonly message: string;
}

export interface WorkItem {
  readonly id: string;
  /** What it is for: newer work for the same slot takes the place of older. */
  readonly slot: string;
  /** What the tray calls it, in the person's words. */
  readonly title: string;
  /** Once mined, with its nonce. */
  readonly event: UnsignedEvent;
  readonly bits: number;
  /** Where it goes; the city's own relay when absent. */
  readonly relays?: readonly string[];
  /** The id of a refused event in whose place it goes out. */
  readonly instead?: string;
  /** Uploads, by their hashes, that have to be stored before it goes out. */
  readonly after?: readonly string[];
  /** Hashes done so far. */
  readonly hashes: number;
  /** Unix seconds. */
  readonly begun: number;
  /** `paused` by the person or by trouble; `mined`: to be signed and sent. */
  readonly stage: 'mining' | 'paused' | 'mined';
  readonly trouble?: Trouble;
}

const MOST_ITEMS = 50;
const MOST_TITLE = 300;
const MOST_AWAITED = 50;
const STAGES = ['mining', 'paused', 'mined'] as const;

/** The list as it was written; malformed and repeated items are left out. */
export const parseWorkItems = (value: unknown): WorkItem[] => {
  if (!isRecord(value) || !Array.isArray(value['items'])) return [];
  const items = new Map<string, WorkItem>();
  for (const item of value['items'].map(parseItem))
    if (item && !items.has(item.id) && items.size < MOST_ITEMS) items.set(item.id, item);
  return [...items.values()];
};

/** What `parseWorkItems` reads. */
export const writeWorkItems = (items: readonly WorkItem[]): unknown => ({ v: 1, items });

const parseItem = (value: unknown): WorkItem | undefined => {
  if (!isRecord(value)) return undefined;
  const { id, slot, title, bits, hashes, begun, stage } = value;
  const event = parseUnsigned(value['event']);
  if (!event || !isName(id) || !isName(slot) || typeof title !== 'string') return undefined;
  if (!isCount(bits) || bits < 1 || bits > 256 || !isCount(hashes) || !isCount(begun)) return undefined;
  const relays = parseRelays(value['relays']);
  const after = parseHashes(value['after']);
  const trouble = parseTrouble(value['trouble']);
  return {
    id,
    slot,
    title: title.slice(0, MOST_TITLE),
    event,
    bits,
    ...(relays ? { relays } : {}),
    ...(isHex64(value['instead']) ? { instead: value['instead'] } : {}),
    ...(after ? { after } : {}),
    hashes,
    begun,
    stage: trueStage(event, bits, STAGES.find((known) => known === stage) ?? 'paused'),
    ...(trouble ? { trouble } : {}),
  };
};

const parseHashes = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.length <= MOST_AWAITED && value.every(isHex64) ? value : undefined;

/** True when the event carries its work already. */
export const isMined = (event: UnsignedEvent, bits: number): boolean =>
  committedWork(event) === bits && countLeadingZeroBits(eventId(event)) >= bits;

/** Work that says it is done and is not has to be done again. */
const trueStage = (event: UnsignedEvent, bits: number, stage: WorkItem['stage']): WorkItem['stage'] =>
  stage === 'mined' && !isMined(event, bits) ? 'mining' : stage;

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 300;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const parseUnsigned = (value: unknown): UnsignedEvent | undefined => {
  if (!isRecord(value)) return undefined;
  const parsed = parseEvent({ ...value, id: '0'.repeat(64), sig: '0'.repeat(128) });
  if (!parsed.ok) return undefined;
  const { kind, tags, content, created_at, pubkey } = parsed.value;
  return { kind, tags, content, created_at, pubkey };
};

const parseRelays = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.length > 0 && value.every((relay) => typeof relay === 'string')
    ? value
    : undefined;

const parseTrouble = (value: unknown): Trouble | undefined => {
  if (!isRecord(value)) return undefined;
  const { code, message } = value;
  return typeof code === 'string' && typeof message === 'string' ? { code, message } : undefined;
};
