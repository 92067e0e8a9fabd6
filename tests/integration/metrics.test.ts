/** What an operator's machines see: numbers for who may see them, and health that answers in time. */
import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import { Client, makePerson } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 60_000 });
const anna = makePerson();

test('a city tells its numbers: what came, how it was answered, how long that took', async () => {
  const city = await startTestCity();
  const client = await Client.connect(city.relayUrl);
  const line = anna.sign(makeLine('well', 'hello'));
  expect((await client.publish(line))[1]).toMatch(/^(restricted|invalid|blocked):/);
  expect(await client.publish(anna.sign(makePlace('well')))).toEqual([true, '']);
  expect(await client.publish(line)).toEqual([true, '']);
  expect((await client.publish(line))[1]).toMatch(/^duplicate:/);
  expect((await client.publish({ ...line, sig: '0'.repeat(128), id: 'f'.repeat(64) }))[1]).toMatch(
    /^invalid:/,
  );
  await client.find({ kinds: [1] });
  const answer = await fetch(`${city.url}/metrics`);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await answer.text();
  for (const series of [
    'city_events_total{kind="9007",answer="accepted"} 1',
    'city_events_total{kind="1",answer="accepted"} 1',
    'city_events_total{kind="1",answer="duplicate"} 1',
    'city_question_answer_seconds_count 1',
    'city_connections 1',
    'city_database_up 1',
    'city_ledger_waiting 0',
    'city_push_wakes_waiting 0',
  ])
    expect(text.split('\n')).toContain(series);
  expect(text).toMatch(/^city_commit_events_count [1-9]/m);
  expect(text).not.toContain(anna.pubkey);
  client.close();
  await city.close();
});

test('numbers are for nobody unless the operator says so, also not through a proxy on the same machine', async () => {
  const environment = { METRICS: '' };
  const shut = await startTestCity({ environment });
  expect((await fetch(`${shut.url}/metrics`)).status).toBe(404);
  expect((await fetch(`${shut.url}/metrics`, { headers: { 'x-forwarded-for': '127.0.0.1' } })).status).toBe(
    404,
  );
  await shut.close();
  const token = 'sesame-sesame-sesame';
  const guarded = await startTestCity({ environment: { ...environment, METRICS_TOKEN: token } });
  const ask = async (authorization?: string): Promise<number> =>
    (await fetch(`${guarded.url}/metrics`, authorization ? { headers: { authorization } } : {})).status;
  expect([await ask(), await ask('Bearer wrong'), await ask(`Bearer ${token}`)]).toEqual([401, 401, 200]);
  await guarded.close();
});

/** A request over a bare socket: status line only. */
const statusOf = (port: number, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (data: Buffer) => (text += data.toString()));
    socket.on('close', () => resolve(text.slice(9, 12)));
    socket.on('error', reject);
  });

test('health says yes to whoever asks, a hundred at once too', async () => {
  const city = await startTestCity();
  const answers = await Promise.all(Array.from({ length: 100 }, () => statusOf(city.port, '/health')));
  expect(new Set(answers)).toEqual(new Set(['200']));
  await city.close();
});
