/** What happens on the line itself: odd addresses, floods, those who never read, and the end of the city. */
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as kinds from '#protocol/kinds.ts';
import { Client, makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 60_000 });

const note = (person: Person, content: string) => person.sign({ kind: kinds.NOTE, tags: [], content });

const linkLocal = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
  addresses.filter(({ address }) => address.startsWith('fe80:')).map(({ address }) => `${address}%${name}`),
)[0];

/** Knocks by hand: a URL cannot hold an address with a zone. */
const knock = (host: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () =>
      socket.write(
        'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
      ),
    );
    let heard = '';
    socket.on('data', (data) => {
      heard += data.toString('latin1');
      if (!heard.includes('AUTH')) return;
      socket.destroy();
      resolve(heard);
    });
    socket.on('error', reject);
  });

test.skipIf(linkLocal === undefined)('a peer on a link-local address is welcome like any other', async () => {
  const city = await startTestCity({ environment: { HOST: '::' } });
  expect(await knock(linkLocal ?? '', city.port)).toMatch(/^HTTP\/1\.1 101/);
  await city.close();
});

test('a peer that reads nothing does not keep a stopping city open', async () => {
  const city = await startTestCity();
  const writer = await Client.connect(city.relayUrl);
  const anna = makePerson();
  await Promise.all(
    Array.from({ length: 200 }, (_, i) => writer.publish(note(anna, `${i}${'x'.repeat(60_000)}`))),
  );
  const idle = await Client.connect(city.relayUrl);
  idle.socket.pause();
  idle.raw(JSON.stringify(['REQ', 'all', { authors: [anna.pubkey] }]));
  await writer.find({ authors: [anna.pubkey], limit: 1 });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const began = Date.now();
  await city.close();
  expect(Date.now() - began).toBeLessThan(15_000);
  idle.close();
  writer.close();
});
