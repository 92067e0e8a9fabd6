/** The bus over PostgreSQL's LISTEN and NOTIFY: what serves several processes where there is no Redis. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { StandingLine } from '../db/standing-line.ts';
import { Hearers, TOPICS } from './bus.ts';
import type { Bus } from './bus.ts';
import { cutWord, Joiner } from './chunks.ts';

const channelOf = (topic: string): string => `city_${topic}`;
const topicOf = (channel: string): string => channel.replace(/^city_/, '');

/** Opens the bus under a name that no other process has. Throws when the database doesn't answer. */
export const openPostgresBus = async (db: Database, url: string, name: string): Promise<Bus> => {
  const hearers = new Hearers(name);
  const joiner = new Joiner();
  const line = await StandingLine.open({
    url,
    greet: async (client) => {
      for (const topic of TOPICS) await client.query(`listen ${channelOf(topic)}`);
    },
    onNotice: (channel, payload) => {
      const word = joiner.take(payload);
      if (word !== undefined) hearers.give(topicOf(channel), word);
    },
    onReopen: () => hearers.giveGap(),
  });
  const say = async (topic: string, text: string): Promise<void> => {
    const pieces = cutWord(hearers.address(text));
    await sql`select pg_notify(${channelOf(topic)}, piece) from unnest(${pieces}::text[]) as piece`.execute(
      db,
    );
  };
  return {
    publish: (topic, text = '') => void say(topic, text).catch(() => undefined),
    subscribe: (topic, hear) => hearers.add(topic, hear),
    onGap: (hear) => hearers.addOfGaps(hear),
    isOpen: () => line.isOpen,
    close: () => line.close(),
  };
};
