import { expect, test } from 'vitest';
import { Client, makePerson } from '../support/client.ts';
import { startTestCity } from '../support/server.ts';

test('a line that was stored is found and delivered', async () => {
  const city = await startTestCity();
  const a = await Client.connect(city.relayUrl);
  const b = await Client.connect(city.relayUrl);
  const anna = makePerson();
  const live = await b.follow({ authors: [anna.pubkey] });
  const event = anna.sign({ kind: 10002, tags: [['r', 'wss://x.example']], content: '' });
  expect(await a.publish(event)).toEqual([true, '']);
  expect(await a.find({ ids: [event.id] })).toEqual([event]);
  await b.settled();
  expect(live.events).toEqual([event]);
  await city.close();
});
