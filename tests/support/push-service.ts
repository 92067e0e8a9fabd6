/**
 * A push service on this machine (RFC 8030) and the devices that subscribe at it. It takes what a real one takes, checks the
 * sender's VAPID signature (RFC 8292) against the key that each device subscribed with, and what arrives can be decrypted
 * with the device's own keys (RFC 8291, 8188), by node:crypto alone: nothing here is shared with who sends.
 */
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import type { ECDH } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A push as it came, checked and opened. */
interface Received {
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the VAPID token: whom it is for, until when (Unix seconds), whom to turn to. */
  readonly claims: { readonly aud: string; readonly exp: number; readonly sub: string };
  /** The encrypted body. */
  readonly body: Buffer;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A browser that subscribed. */
export interface PushDevice {
  /** As `PushSubscription.toJSON()` gives it. */
  readonly subscription: {
    readonly endpoint: string;
    readonly keys: { readonly p256dh: string; readonly auth: string };
  };
  readonly received: Received[];
  /** What went wrong with pushes to this device: bad tokens, texts that don't open. */
  readonly flaws: string[];
  /** What the service answers to the next pushes for this device, in order; 201 when there is nothing left. */
  readonly answers: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    /** Answers only when this has settled. */
    readonly after?: Promise<void>;
  }[];
}

export interface PushService {
  readonly origin: string;
  /** Subscribes; `key` is the city's VAPID key as `GET /api/push` gives it. */
  subscribe(key: string): PushDevice;
  /** Whatever reached the service. */
  readonly requests: { readonly method: string; readonly path: string }[];
  close(): Promise<void>;
}

interface Secrets {
  readonly curve: ECDH;
  readonly auth: Buffer;
  readonly key: string;
}

const fromBase64 = (text: string): Buffer => Buffer.from(text, 'base64url');

/** RFC 8292: `vapid t=<JWT>, k=<key>`; throws with what is wrong. */
const checkVapid = (header: string, key: string, origin: string): Received['claims'] => {
  const parts = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)$/.exec(header);
  const [, head = '', claims = '', signature = '', sender = ''] = parts ?? [];
  if (!parts) throw new Error('no VAPID header');
  if (sender !== key) throw new Error('not the key that the device subscribed with');
  if ((JSON.parse(fromBase64(head).toString()) as { alg?: string }).alg !== 'ES256')
    throw new Error('not ES256');
  const point = fromBase64(sender);
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  const signed = Buffer.from(`${head}.${claims}`);
  if (!verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, fromBase64(signature)))
    throw new Error('the VAPID signature does not hold');
  const { aud, exp, sub } = JSON.parse(fromBase64(claims).toString()) as Received['claims'];
  const now = Date.now() / 1000;
  if (aud !== origin) throw new Error('a VAPID token for another push service');
  if (!(exp > now && exp <= now + 24 * 3600)) throw new Error('a VAPID token out of its time');
  if (!/^(mailto:|https:)/.test(sub)) throw new Error('a VAPID token without a contact');
  return { aud, exp, sub };
};

const hkdf = (secret: Buffer, salt: Buffer, info: string | Buffer, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, length));

/** RFC 8188 with RFC 8291's keys: one record. Throws when it does not open. */
const decrypt = (body: Buffer, { curve, auth }: Secrets): string => {
  const salt = body.subarray(0, 16);
  const recordSize = body.readUInt32BE(16);
  const sender = body.subarray(21, 21 + body.readUInt8(20));
  const record = body.subarray(21 + sender.length);
  if (sender.length !== 65 || record.length > recordSize) throw new Error('not aes128gcm as RFC 8291 has it');
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), curve.getPublicKey(), sender]);
  const secret = hkdf(curve.computeSecret(sender), auth, info, 32);
  const key = hkdf(secret, salt, 'Content-Encoding: aes128gcm\0', 16);
  const nonce = hkdf(secret, salt, 'Content-Encoding: nonce\0', 12);
  const opener = createDecipheriv('aes-128-gcm', key, nonce);
  opener.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([opener.update(record.subarray(0, -16)), opener.final()]);
  const end = padded.lastIndexOf(2);
  if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('no end of padding');
  return padded.subarray(0, end).toString('utf8');
};

const readAll = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const take = (
  { headers }: IncomingMessage,
  body: Buffer,
  device: PushDevice,
  secrets: Secrets & { readonly origin: string },
): void => {
  try {
    const claims = checkVapid(headers.authorization ?? '', secrets.key, secrets.origin);
    if (headers['content-encoding'] !== 'aes128gcm') throw new Error('not aes128gcm');
    if (!/^\d+$/.test(String(headers['ttl']))) throw new Error('no TTL');
    device.received.push({ text: decrypt(body, secrets), headers, claims, body, at: Date.now() });
  } catch (cause) {
    device.flaws.push(String((cause as Error).message));
  }
};

/** Starts one on a free port of 127.0.0.1. */
export const startPushService = async (): Promise<PushService> => {
  const devices = new Map<string, { readonly device: PushDevice; readonly secrets: Secrets }>();
  const requests: { method: string; path: string }[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    requests.push({ method: request.method ?? '', path });
    const known = devices.get(path);
    const body = await readAll(request);
    if (request.method !== 'POST' || !known) return void response.writeHead(404).end();
    const { status, headers = {}, after } = known.device.answers.shift() ?? { status: 201 };
    if (status === 201) take(request, body, known.device, { ...known.secrets, origin });
    await after;
    response.writeHead(status, headers).end();
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    requests,
    subscribe: (key) => {
      const curve = createECDH('prime256v1');
      const path = `/send/${randomBytes(16).toString('base64url')}`;
      const secrets = { curve, auth: randomBytes(16), key };
      const p256dh = curve.generateKeys('base64url');
      const device: PushDevice = {
        subscription: {
          endpoint: `${origin}${path}`,
          keys: { p256dh, auth: secrets.auth.toString('base64url') },
        },
        received: [],
        flaws: [],
        answers: [],
      };
      devices.set(path, { device, secrets });
      return device;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
