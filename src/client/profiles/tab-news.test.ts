import { expect, test, vi } from 'vitest';
import { FakeOrigin } from '../../../tests/support/fake-tabs.ts';
import { channelLine } from '../rpc/channel-line.ts';
import { Listeners } from './listeners.ts';
import { TabNews } from './tab-news.ts';
import type { Bytes } from './ports.ts';

const KEY = new Uint8Array(32).fill(9);

const tabs = () => {
  const origin = new FakeOrigin();
  return (key?: Bytes) => {
    const tab = origin.tab();
    const hear = vi.fn();
    return { tab, hear, line: tab.line('p'), news: new TabNews(tab.line('p'), { key: () => key, hear }) };
  };
};

test('a tab that has the key gives it, in time', async () => {
  const open = tabs();
  const [asking, without, having] = [open(), open(), open(KEY)];
  expect(await asking.news.askForKey(1000)).toEqual(KEY);
  having.tab.kill();
  expect(await without.news.askForKey(10)).toBeUndefined();
});

test('who asks takes no key after the word to lock or to erase', async () => {
  for (const word of ['lock', 'erase'] as const) {
    const open = tabs();
    const [asking, other] = [open(), open()];
    const asked = asking.news.askForKey(1000);
    other.news.tell(word);
    other.line.say({ from: 'late', to: '*', type: 'tell', topic: 'key', value: KEY });
    expect(await asked).toBeUndefined();
    expect(asking.hear).toHaveBeenCalledWith(word);
  }
});

test('what is no news and no key is passed over', async () => {
  const open = tabs();
  const [asking, stranger] = [open(), open()];
  const asked = asking.news.askForKey(20);
  for (const said of [
    { topic: 'key', value: 'text' },
    { topic: 'key', value: new Uint8Array(31) },
    { topic: 'constructor', value: 1 },
    { topic: 7 },
  ])
    stranger.line.say({ from: 's', to: '*', type: 'tell', ...said });
  expect(await asked).toBeUndefined();
  expect(asking.hear).not.toHaveBeenCalled();
});

test('the same over a real channel', async () => {
  const hear = vi.fn();
  const one = new TabNews(channelLine('profile x'), { key: () => KEY, hear });
  const two = new TabNews(channelLine('profile x'), { key: () => undefined, hear: () => undefined });
  expect(await two.askForKey(1000)).toEqual(KEY);
  two.tell('lock');
  await vi.waitFor(() => expect(hear).toHaveBeenCalledWith('lock'));
  one.close();
  two.close();
});

test('closing ends the asking', async () => {
  const { news } = tabs()();
  const asked = news.askForKey(60_000);
  news.close();
  expect(await asked).toBeUndefined();
});

test('one listener that throws keeps no other from hearing, and telling waits for all', async () => {
  const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const listeners = new Listeners<{ end: number }>();
  const heard: number[] = [];
  listeners.on('end', () => {
    throw new Error('no');
  });
  listeners.on('end', async (value) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    heard.push(value);
  });
  const stop = listeners.on('end', () => heard.push(-1));
  stop();
  await listeners.tell('end', 3);
  expect(heard).toEqual([3]);
  expect(complaint).toHaveBeenCalledOnce();
  complaint.mockRestore();
});
