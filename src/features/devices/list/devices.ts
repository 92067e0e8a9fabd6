/** The list of my devices as its values say it. */
import type { OwnValue } from '#protocol/lists/values.ts';
import { displayLine } from '#shared/text.ts';

/** One device of mine. */
export interface DeviceRow {
  /** Its public key. */
  readonly id: string;
  readonly name: string;
  /** Unix seconds, to the hour or so. */
  readonly seen: number;
  readonly isThis: boolean;
  readonly isRevoked: boolean;
}

const FIELDS = /^([0-9a-f]{64}):(name|seen|gone)$/;
export const NAME_MAX = 40;

/** Devices from their values, this one first, then the latest. Those that are revoked stay in the list. */
export const parseDevices = (
  rows: readonly Pick<OwnValue, 'key' | 'value'>[],
  self: string | undefined,
): readonly DeviceRow[] => {
  const found = new Map<string, Record<string, string>>();
  for (const { key, value } of rows) {
    const [, id, field] = FIELDS.exec(key) ?? [];
    if (id && field && value !== undefined) found.set(id, { ...found.get(id), [field]: value });
  }
  return [...found]
    .map(([id, fields]) => ({
      id,
      name: displayLine(fields['name'] ?? '', NAME_MAX),
      seen: Number(/^\d{1,12}$/.exec(fields['seen'] ?? '')?.[0] ?? 0),
      isThis: id === self,
      isRevoked: fields['gone'] !== undefined,
    }))
    .sort((a, b) => Number(b.isThis) - Number(a.isThis) || b.seen - a.seen);
};
