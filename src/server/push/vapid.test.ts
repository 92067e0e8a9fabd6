import { createECDH } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parsePushKey } from '#protocol/push.ts';
import { openVapidKeys } from './vapid.ts';

let folder = '';
const file = () => join(folder, 'push-secret-key');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vapid-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('made once, kept, readable by its owner only, nothing left beside it', () => {
  const first = openVapidKeys(folder);
  expect(openVapidKeys(folder)).toEqual(first);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['push-secret-key']);
  if (!first.ok) throw new Error(first.error.message);
  expect(parsePushKey({ key: first.value.publicKey }).ok).toBe(true);
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(Buffer.from(first.value.privateKey, 'base64url'));
  expect(curve.getPublicKey('base64url')).toBe(first.value.publicKey);
});

test('a folder that isn’t there yet is made; two cities have two keys', () => {
  const inner = join(folder, 'a', 'b');
  const [one, other] = [openVapidKeys(inner), openVapidKeys(folder)];
  expect(existsSync(join(inner, 'push-secret-key'))).toBe(true);
  expect(one.ok && other.ok && one.value.publicKey !== other.value.publicKey).toBe(true);
});

test.each(['', 'x', '0'.repeat(64), 'f'.repeat(64), 'a'.repeat(63)])(
  '%j is no key, and is left as it is',
  (text) => {
    writeFileSync(file(), text);
    const opened = openVapidKeys(folder);
    expect(opened.ok ? '' : opened.error.message).toMatch(/push-secret-key does not hold a push key/);
    expect(readFileSync(file(), 'utf8')).toBe(text);
  },
);
