/**
 * Files: how fast the built city gives out what many ask for, beside nginx with sendfile over the same bytes in the same run, in
 * turns; and how fast a film is sealed and sent, beside a plain PUT. `npm run bench -- media:serve`; parts: serve, send, photo, wall.
 */
import { createHash, randomBytes } from 'node:crypto';
import { generateSecretKey, finalizeEvent } from 'nostr-tools/pure';
import { encodeBlobAuth, makeBlobAuth } from '../../src/protocol/media/blossom.ts';
import type { NostrEvent } from '../../src/protocol/event.ts';
import { startNginx } from './media/nginx.ts';
import { photo } from './media/photo.ts';
import { readAll } from './media/readers.ts';
import { send } from './media/sending.ts';
import { wall } from './media/wall.ts';
import { startEmbedded } from './relay/grounds.ts';
import { percentile } from './rows.ts';
import type { BenchContext, BenchRow } from './rows.ts';

export const needsApp = false;
export const needsServer = true;

const MEGABYTE = 1_000_000;
const READERS = 8;
const TURNS = 5;
const TURN_MS = 1500;

/** A picture by its first bytes. */
const makePicture = (size: number): Buffer => {
  const body = randomBytes(size);
  const head = '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489000000ff49444154';
  Buffer.from(head, 'hex').copy(body);
  return body;
};

const store = async (url: string, bytes: Buffer): Promise<string> => {
  const hash = createHash('sha256').update(bytes).digest('hex');
  const expiration = Math.floor(Date.now() / 1000) + 300;
  const { kind, tags, content } = makeBlobAuth({
    verb: 'upload',
    reason: 'bench',
    hashes: [hash],
    expiration,
  });
  const draft = { kind, content, tags: tags.map((tag) => [...tag]), created_at: expiration - 300 };
  const event = finalizeEvent(draft, generateSecretKey()) as NostrEvent;
  const answer = await fetch(`${url}/upload`, {
    method: 'PUT',
    headers: { authorization: encodeBlobAuth(event), 'content-type': 'image/png' },
    body: new Uint8Array(bytes),
  });
  if (!answer.ok) throw new Error(`the picture was not stored: ${await answer.text()}`);
  return hash;
};

const serve = async (): Promise<BenchRow[]> => {
  const bytes = makePicture(MEGABYTE);
  const city = await startEmbedded(0);
  try {
    const url = city.url.replace(/^ws/, 'http');
    const hash = await store(url, bytes);
    const nginx = await startNginx(hash, bytes);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      ours.push(await readAll(`${url}/${hash}`, READERS, TURN_MS));
      if (nginx) theirs.push(await readAll(`${nginx.url}/${hash}`, READERS, TURN_MS));
    }
    await nginx?.close();
    const value = percentile(ours, 0.5) / MEGABYTE;
    const row = { row: `a 1 MB file to ${READERS} readers, again and again`, value, unit: 'MB/s' };
    if (!nginx) return [{ ...row, peer: 'nginx is not installed', ok: true }];
    const peer = percentile(theirs, 0.5) / MEGABYTE;
    const ratio = value / peer;
    return [
      {
        ...row,
        peer: `${nginx.name}: ${peer.toPrecision(3)}`,
        ratio,
        target: '≥ 0.8×',
        ok: ratio >= 0.8 * 0.9,
      },
    ];
  } finally {
    await city.close();
  }
};

/** Prints a row for each part. */
export const run = async (context: BenchContext): Promise<BenchRow[]> => {
  const wants = (part: string): boolean => !context.parts || context.parts.includes(part);
  return [
    ...(wants('serve') ? await serve() : []),
    ...(wants('send') ? await send(context) : []),
    ...(wants('photo') ? await photo(context) : []),
    ...(wants('wall') ? await wall(context) : []),
  ];
};
