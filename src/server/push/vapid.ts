/** The key by which push services know this city (VAPID, RFC 8292): browsers bind their subscriptions to it. */
import { createECDH } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { writeSecretOnce } from '../secret-file.ts';

/** Both halves in base64url. */
export interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

const FILE = 'push-secret-key';
const CURVE = 'prime256v1';
const BYTES = 32;

const makeSecret = (): string => {
  const curve = createECDH(CURVE);
  curve.generateKeys();
  return curve
    .getPrivateKey()
    .toString('hex')
    .padStart(BYTES * 2, '0');
};

/** The keys of the secret given, or of the one kept in the folder (made on first use). Fails with `key` and one sentence. */
export const openVapidKeys = (dataDir: string, given?: string): Result<VapidKeys, Failure<'key'>> => {
  const path = join(dataDir, FILE);
  const where = given === undefined ? path : 'PUSH_SECRET_KEY';
  const wrong = () => fail('key', `${where} does not hold a push key: 64 lower-case hex digits.`);
  if (given === undefined && !existsSync(path)) writeSecretOnce(path, makeSecret());
  const text = given ?? readFileSync(path, 'utf8').trim();
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
