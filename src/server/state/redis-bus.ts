/** The bus over Redis (≥ 7) or Valkey: PUBLISH and SUBSCRIBE. */
import { Redis } from 'ioredis';
import { Hearers, TOPICS } from './bus.ts';
import type { Bus } from './bus.ts';

const FIRST_ANSWER_MS = 5000;
const LONGEST_WAIT_MS = 2000;
const COMMAND_MS = 2000;

const connectionTo = (url: string, waiting: boolean): Redis =>
  new Redis(url, {
    lazyConnect: true,
    connectTimeout: FIRST_ANSWER_MS,
    commandTimeout: COMMAND_MS,
    maxRetriesPerRequest: 0,
    /** What cannot be said now is lost, not said late; subscriptions alone are made again. */
    enableOfflineQueue: waiting,
    retryStrategy: (times) => Math.min(LONGEST_WAIT_MS, times * 100),
  });

/** Channels are the city's own: several cities may share one Redis. */
const channelOf = (city: string, topic: string): string => `city:${city}:${topic}`;

/** Opens the bus of a city under a name that no other process has. Throws when nothing answers within five seconds. */
export const openRedisBus = async (url: string, city: string, name: string): Promise<Bus> => {
  const hearers = new Hearers(name);
  const speaker = connectionTo(url, false);
  const listener = connectionTo(url, true);
  for (const connection of [speaker, listener]) connection.on('error', () => undefined); // `isOpen` tells
  const topics = new Map(TOPICS.map((topic) => [channelOf(city, topic), topic]));
  let known = false;
  listener.on('message', (channel: string, text: string) => {
    const topic = topics.get(channel);
    if (topic) hearers.give(topic, text);
  });
  listener.on('ready', () => {
    if (known) hearers.giveGap();
    known = true;
  });
  try {
    await Promise.all([speaker.connect(), listener.connect()]);
    await listener.subscribe(...topics.keys());
  } catch (cause) {
    speaker.disconnect();
    listener.disconnect();
    throw cause;
  }
  return {
    publish: (topic, text = '') =>
      void speaker.publish(channelOf(city, topic), hearers.address(text)).catch(() => undefined),
    subscribe: (topic, hear) => hearers.add(topic, hear),
    onGap: (hear) => hearers.addOfGaps(hear),
    isOpen: () => speaker.status === 'ready' && listener.status === 'ready',
    close: async () => {
      speaker.disconnect();
      listener.disconnect();
    },
  };
};
