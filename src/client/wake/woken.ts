/** Which profile a wake is for, and what of it may be known: everything a page left, where this browser opens the profile by itself. */
import { isHex64 } from '#shared/bytes.ts';
import { isStale } from '../profiles/last-active.ts';
import { asksForSomething } from '../profiles/profile-facts.ts';
import type { ProfileKeys } from '../store/profiles/profile-keys.ts';
import type { ProfileRecord } from '../store/profiles/profile-record.ts';
import type { ProfileRegister } from '../store/profiles/profile-register.ts';
import { readWakeTag } from '../store/profiles/wake-mark.ts';
import { openLock } from '../store/seal/lockbox.ts';
import { CARD_PREFIX, parseCard } from './card.ts';
import type { WakeCard } from './card.ts';

/** Notes in the profile's store; `DeviceNotes` fits. */
export interface WakeNotes {
  read(prefix: string): Promise<ReadonlyMap<string, unknown>>;
  write(name: string, value: unknown): Promise<void>;
  close(): void;
}

export interface OpenWoken {
  readonly kind: 'open';
  /** The profile's id. */
  readonly profile: string;
  /** Missing where no page has left one. */
  readonly card: WakeCard | undefined;
  /** Ids of lines that notifications have told of. */
  readonly told: ReadonlySet<string>;
  /** Remembers more of them. */
  tell(ids: readonly string[]): Promise<void>;
  close(): void;
}

/** `stranger`: no profile here has this name; `locked`: the person has to be asked before anything of it may be known. */
export type Woken =
  { readonly kind: 'stranger' } | { readonly kind: 'locked'; readonly profile: string } | OpenWoken;

export interface WokenPorts {
  readonly register: Pick<ProfileRegister, 'read'>;
  /** Opens the profile's notes; the key is overwritten afterwards. */
  readonly notes: (keys: Pick<ProfileKeys, 'profile' | 'dataKey'>) => Promise<WakeNotes>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const TOLD = 'told';
const MOST_TOLD = 100;

const recordOf = async ({ register }: WokenPorts, tag: string): Promise<ProfileRecord | undefined> => {
  for (const record of (await register.read()).profiles)
    if ((await readWakeTag(record)) === tag) return record;
  return undefined;
};

/** The data key, where nobody has to be asked for it; as a page decides when it opens. */
const keyOf = async (record: ProfileRecord, now: number): Promise<Uint8Array<ArrayBuffer> | undefined> => {
  const lock = record.locks.find(({ kind }) => kind === 'device');
  if (!lock || (asksForSomething(record) && (await isStale(record, now)))) return undefined;
  const key = await openLock(lock, { kind: 'device', key: record.deviceKey }, record.id);
  return key.ok ? key.value : undefined;
};

/** Opens what a wake's tag names. Close it when it is open. */
export const openByTag = async (tag: string, ports: WokenPorts): Promise<Woken> => {
  const record = await recordOf(ports, tag);
  if (!record) return { kind: 'stranger' };
  const profile = record.id;
  const dataKey = await keyOf(record, ports.now());
  if (!dataKey) return { kind: 'locked', profile };
  const notes = await ports.notes({ profile, dataKey });
  dataKey.fill(0);
  const records = await notes.read(CARD_PREFIX);
  const told = parseTold(records.get(TOLD));
  return {
    kind: 'open',
    profile,
    card: parseCard(records),
    told: new Set(told),
    tell: (ids) => notes.write(CARD_PREFIX + TOLD, [...ids, ...told].slice(0, MOST_TOLD)),
    close: () => notes.close(),
  };
};

const parseTold = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter(isHex64) : []);

/** True while a profile of this browser has a name to be woken by. */
export const isAnybodyWoken = async (register: Pick<ProfileRegister, 'read'>): Promise<boolean> =>
  (await register.read()).profiles.some(({ wake }) => wake !== undefined);
