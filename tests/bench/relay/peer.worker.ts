/** The peer as a process of its own: `@nostr-relay/core` with its validator, behind `ws`, on `PORT`, with `FILL` stored lines. */
import { NostrRelay } from '@nostr-relay/core';
import { Validator } from '@nostr-relay/validator';
import { WebSocketServer } from 'ws';
import { lineOf } from './lines.ts';
import { SqliteStore } from './peer-store.ts';

const port = Number(process.env['PORT']);
const store = await SqliteStore.open();
for (let n = 0; n < Number(process.env['FILL'] ?? 0); n++) store.upsert(lineOf(n));

const relay = new NostrRelay(store);
const validator = new Validator();
const server = new WebSocketServer({ port, host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (socket) => {
  relay.handleConnection(socket);
  socket.on('message', (data) => {
    const answer = async (): Promise<void> => {
      await relay.handleMessage(socket, await validator.validateIncomingMessage(data));
    };
    answer().catch((cause: unknown) => socket.send(JSON.stringify(['NOTICE', String(cause)])));
  });
  socket.on('close', () => relay.handleDisconnect(socket));
  socket.on('error', () => undefined);
});
server.on('listening', () => console.log('ready'));
