/** The city's secrets in its folder: the key that signs for it, and the key that push services know it by. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEY_FILES = ['city-secret-key', 'push-secret-key'] as const;
export type Keys = Partial<Record<(typeof KEY_FILES)[number], string>>;

/** The keys that the folder holds. Throws on I/O. */
export const readKeys = (dataDir: string): Keys => {
  const held = KEY_FILES.filter((name) => existsSync(join(dataDir, name)));
  return Object.fromEntries(held.map((name) => [name, readFileSync(join(dataDir, name), 'utf8').trim()]));
};

/** Names of keys that the folder holds and that are others than the given ones. */
export const otherKeys = (dataDir: string, keys: Keys): string[] => {
  const held = readKeys(dataDir);
  return KEY_FILES.filter((name) => keys[name] && held[name] && keys[name] !== held[name]);
};

/** Writes keys that the folder does not hold yet, readable by their owner only. Throws on I/O. */
export const writeKeys = (dataDir: string, keys: Keys): void => {
  mkdirSync(dataDir, { recursive: true });
  for (const [name, key] of Object.entries(keys))
    if (!existsSync(join(dataDir, name)))
      writeFileSync(join(dataDir, name), `${key}\n`, { mode: 0o600, flag: 'wx' });
};
