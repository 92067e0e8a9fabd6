/** The city as a private talk sees it: what is published leaves sealed, and nothing is asked of a relay. */
import { GROUP_METADATA } from '#protocol/kinds.ts';
import type { Draft } from '#protocol/event.ts';
import { ok } from '#shared/result.ts';
import type { City } from '../city/city.ts';
import type { LocalEvent } from '../store/local-events.ts';
import type { Letters } from './letters.ts';

/** How far a talk was read goes to those who may know it, too. */
const recordIn = async (city: City, letters: Letters, events: readonly LocalEvent[]): Promise<void> => {
  await city.record(...events);
  for (const event of events)
    if (event.type === 'ConversationRead') await letters.read(event.conversation, event.upTo);
};

/** A city whose every draft goes to these people only; all else is the city's own. */
export const talkCity = (city: City, letters: Letters, people: readonly string[]): City => ({
  get name() {
    return city.name;
  },
  get account() {
    return city.account;
  },
  relay: city.relay,
  relayKey: city.relayKey,
  workFor: () => 0,
  search: (question) => city.search(question),
  watch: (watched, changed) => city.watch(watched, changed),
  record: (...events) => recordIn(city, letters, events),
  subscribe: (request) => (isOfTalk(request) ? () => undefined : city.subscribe(request)),
  fetch: (request) => (isOfTalk(request) ? Promise.resolve(ok({ received: 0 })) : city.fetch(request)),
  listen: (request, heard) => letters.listen(request, heard),
  say: (draft) => letters.say(draft, people),
  publish: (draft: Draft) => letters.send(draft, people),
  refused: () => city.refused(),
  retry: (id) => letters.retry(id),
  discard: (id) => letters.discard(id),
  requestAccount: (reason) => city.requestAccount(reason),
  get: (table, id) => city.get(table, id),
  getMany: (table, ids) => city.getMany(table, ids),
  all: (table) => city.all(table),
  part: (table, query) => city.part(table, query),
  count: (table, part) => city.count(table, part),
});

/** A question for a talk's lines or events would tell a relay of it. Profiles and places may be asked for. */
const isOfTalk = ({ filters }: Parameters<City['fetch']>[0]): boolean =>
  filters.some((filter) => !filter.authors && !filter.kinds?.includes(GROUP_METADATA));
