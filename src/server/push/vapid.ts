/** The key by which push services know this city (VAPID, RFC 8292): browsers bind their subscriptions to it. */
import { createECDH } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

/** Both halves in base64url. */
export interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

const FILE = 'push-secret-key';
const CURVE = 'prime256v1';
const BYTES = 32;

/** Written beside and linked into place: there is never half a key, and of two processes one wins for both. */
const makeOnce = (dataDir: string, path: string): void => {
  const curve = createECDH(CURVE);
  curve.generateKeys();
  const text = curve
    .getPrivateKey()
    .toString('hex')
    .padStart(BYTES * 2, '0');
  mkdirSync(dataDir, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, `${text}\n`, { mode: 0o600 });
  try {
    linkSync(unfinished, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    rmSync(unfinished, { force: true });
  }
};

/** The keys kept in the folder, made on first use, readable by their owner only. Fails with `key` and one sentence. */
export const openVapidKeys = (dataDir: string): Result<VapidKeys, Failure<'key'>> => {
  const path = join(dataDir, FILE);
  const wrong = () => fail('key', `${path} does not hold a push key: 64 lower-case hex digits.`);
  if (!existsSync(path)) makeOnce(dataDir, path);
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) return wrong();
  const secret = Buffer.from(text, 'hex');
  const curve = createECDH(CURVE);
  try {
    curve.setPrivateKey(secret);
  } catch {
    return wrong();
  }
  return ok({ publicKey: curve.getPublicKey('base64url'), privateKey: secret.toString('base64url') });
};
