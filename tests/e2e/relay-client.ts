/** Asks a relay over a plain WebSocket, as any other program would. */
import WebSocket from 'ws';
import type { NostrEvent } from '#protocol/event.ts';

/** Stored events that match, until EOSE. */
export const ask = (relay: string, filter: Record<string, unknown>): Promise<NostrEvent[]> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(relay);
    const events: NostrEvent[] = [];
    socket.on('open', () => socket.send(JSON.stringify(['REQ', 'ask', filter])));
    socket.on('error', reject);
    socket.on('message', (data: Buffer) => {
      const [type, , body] = JSON.parse(data.toString()) as [string, string, unknown];
      if (type === 'EVENT') events.push(body as NostrEvent);
      if (type === 'EOSE' || type === 'CLOSED') {
        socket.close();
        resolve(events);
      }
    });
  });
