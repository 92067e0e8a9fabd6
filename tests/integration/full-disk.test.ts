/** The disk of an embedded city is full: what cannot be kept is refused in words, what was acknowledged stays, room is enough to go on. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import { Client, makePerson } from '../support/client.ts';
import { startTestCity } from '../support/server.ts';

const SIZE_MB = 80;
const BALLAST_MB = 12;

let disk: string | undefined;
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'tmpfs', folder], { stdio: 'ignore' });
    disk = folder;
  } catch {
    rmSync(folder, { recursive: true });
    console.warn('SKIPPED: no small disk can be mounted here; a full one was not tried.');
  }
});
afterAll(() => {
  if (disk === undefined) return;
  execFileSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true });
});

test('a full disk', { timeout: 120_000 }, async (story) => {
  if (disk === undefined) return story.skip('needs the right to mount');
  const anna = makePerson();
  const ballast = join(disk, 'ballast');
  writeFileSync(ballast, Buffer.alloc(BALLAST_MB * 1024 * 1024));
  const dataDir = join(disk, 'data');
  const city = await startTestCity({ dataDir });
  const client = await Client.connect(city.relayUrl);
  const acknowledged: NostrEvent[] = [];
  let refusal: string | undefined;
  let i = 0;
  const write = async (): Promise<readonly [boolean, string]> => {
    const noise = Array.from({ length: 4500 }, () => Math.random().toString(36).slice(2)).join('');
    const event = anna.sign({ kind: 1, tags: [], content: `${i++} ${noise}` });
    const answer = await client.publish(event);
    if (answer[0]) acknowledged.push(event);
    return answer;
  };
  while (refusal === undefined && i < 4000) {
    const [accepted, words] = await write();
    if (!accepted) refusal = words;
  }
  expect(refusal).toMatch(/^error: /);
  expect(acknowledged.length).toBeGreaterThan(5);
  rmSync(ballast);
  await vi.waitFor(async () => expect(await write()).toEqual([true, '']), { timeout: 30_000, interval: 500 });
  const ids = acknowledged.map(({ id }) => id);
  const stored = async (reader: Client): Promise<number> => {
    let found = 0;
    for (let from = 0; from < ids.length; from += 50)
      found += (await reader.find({ ids: ids.slice(from, from + 50) })).length;
    return found;
  };
  expect(await stored(client)).toBe(ids.length);
  client.close();
  await city.close();
  const again = await startTestCity({ dataDir });
  const reader = await Client.connect(again.relayUrl);
  expect(await stored(reader)).toBe(ids.length);
  reader.close();
  await again.close();
});
