import { expect, test } from 'vitest';
import { m } from '#messages/paraglide/messages.js';
import { nameOfDevice } from './device-name.ts';
import { noteRevoked, tellRevoked } from './revoked.ts';

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Linux'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge, Windows'],
  ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36', 'Chrome, Android'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1',
    'Safari, iPhone',
  ],
  ['', 'Browser'],
])('%s is called %s', (agent, name) => expect(nameOfDevice(agent)).toBe(name));

test('a wiped device says why, once', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const said: string[] = [];
  const toasts = { show: ({ text }: { text: string }) => said.push(text) };
  tellRevoked(storage, toasts);
  expect(said).toEqual([]);
  const page = new EventTarget();
  noteRevoked(page, storage);
  // The wipe leaves nothing; the page goes after it.
  kept.clear();
  page.dispatchEvent(new Event('pagehide'));
  tellRevoked(storage, toasts);
  tellRevoked(storage, toasts);
  expect(said).toEqual([m.devices_revoked_here()]);
});
