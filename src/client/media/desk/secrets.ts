/** What is known of a sealed file and who asked for it, beside its sealed bytes: under the profile's key, not the device's. */
import { bytesToHex, isHex64, parseHex } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import { makeSealedFile, parseSealedFile } from '#protocol/media/sealed-files.ts';
import type { SealedFile } from '#protocol/media/sealed-files.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { ProfileKeys } from '../../store/profiles/profile-keys.ts';
import { Packer } from '../../store/seal/packing.ts';
import { openSealer } from '../../store/seal/sealer.ts';
import { Vessel } from '../../store/sealed/vessel.ts';

export interface Secrets {
  /** Sealed to this file's place, in hex. */
  keep(id: string, file: SealedFile, note: string): Promise<string>;
  /** Undefined where it cannot be read. */
  take(id: string, secret: string): Promise<{ readonly file: SealedFile; readonly note: string } | undefined>;
}

const TABLE = 'outgoing secrets';

/** Opens them with the profile's data key, which may be forgotten afterwards. */
export const openSecrets = async ({ profile, dataKey }: ProfileKeys): Promise<Secrets> => {
  const vessel = new Vessel(await openSealer(dataKey, { profile }), new Packer(undefined));
  return {
    keep: async (key, file, note) => {
      const { kind, content, tags } = makeSealedFile(file, []);
      return bytesToHex(await vessel.put({ table: TABLE, key }, { kind, content, tags, note }));
    },
    take: async (key, secret) => {
      const bytes = parseHex(secret);
      const taken = bytes.ok ? await vessel.take({ table: TABLE, key }, bytes.value) : undefined;
      return taken?.ok ? parseKept(taken.value) : undefined;
    },
  };
};

const parseKept = (value: unknown): { readonly file: SealedFile; readonly note: string } | undefined => {
  if (!isRecord(value) || typeof value['note'] !== 'string') return undefined;
  // It was sealed here, by `keep`.
  const file = parseSealedFile(value as unknown as Pick<NostrEvent, 'kind' | 'content' | 'tags'>);
  return file && isHex64(file.hash) ? { file, note: value['note'] } : undefined;
};
