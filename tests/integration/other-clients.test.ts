/** Other people's clients in our places: nostr-tools' nip29 and nip77, and NDK, over real sockets. */
import { NDKEvent, NDKSimpleGroupMemberList, NDKUser } from '@nostr-dev-kit/ndk';
import { nip77 } from 'nostr-tools';
import * as nip29 from 'nostr-tools/nip29';
import { finalizeEvent } from 'nostr-tools/pure';
import { minePow } from 'nostr-tools/nip13';
import { SimplePool, useWebSocketImplementation } from 'nostr-tools/pool';
import { Relay, useWebSocketImplementation as useRelaySocket } from 'nostr-tools/relay';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import { NdkGuest } from '../e2e/ndk-client.ts';
import { makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { makePlace } from '../support/places.ts';
import { startTestCity } from '../support/server.ts';

useWebSocketImplementation(WebSocket);
useRelaySocket(WebSocket);

let city: City;
beforeAll(async () => {
  city = await startTestCity();
});
afterAll(() => city.close());

/** An event as nostr-tools wants it: with lists that it may change. */
const open = (event: NostrEvent) => ({ ...event, tags: event.tags.map((tag) => [...tag]) });

describe('nostr-tools', () => {
  const [anna, ben, carl] = [makePerson(), makePerson(), makePerson()];
  const id = 'tools';
  let relay: Relay;
  let pool: SimplePool;
  beforeAll(async () => {
    relay = await Relay.connect(city.relayUrl);
    pool = new SimplePool();
  });
  afterAll(() => {
    relay.close();
    pool.close([city.relayUrl]);
  });
  const say = (person: Person, draft: Draft): Promise<string> => relay.publish(open(person.sign(draft)));
  const load = () =>
    nip29.loadGroup({
      pool,
      groupReference: { id, host: new URL(city.relayUrl).host },
      normalizedRelayURL: city.relayUrl,
    });

  test('founds a place with its own words, with our cell added; without one it hears why not', async () => {
    const bare = nip29.generateCreateGroupEventTemplate(id);
    await expect(say(anna, bare)).rejects.toThrow(/^invalid: a place needs a g tag/);
    await say(anna, { ...bare, tags: [...bare.tags, ['name', 'Tool Shed'], ['g', 'u33db']] });
    const group = await load();
    expect(group.metadata).toMatchObject({ id, name: 'Tool Shed', pubkey: city.pubkey });
    expect(group.admins).toMatchObject([{ pubkey: anna.pubkey, label: 'admin' }]);
    expect(group.members?.map(({ pubkey }) => pubkey)).toEqual([anna.pubkey]);
  });

  test('edits all that NIP-29 knows, and reads it back', async () => {
    const group = await load();
    const metadata = {
      ...group.metadata,
      about: 'Hammers and such',
      banner: 'https://city.example/banner.png',
      isClosed: true,
      isRestricted: true,
      supportedKinds: ['9', '11'],
    };
    await say(anna, nip29.generateEditGroupMetadataEventTemplate({ ...group, metadata }));
    expect((await load()).metadata).toMatchObject({
      name: 'Tool Shed',
      about: 'Hammers and such',
      banner: 'https://city.example/banner.png',
      isClosed: true,
      isRestricted: true,
      supportedKinds: ['9', '11'],
    });
  });

  test('joins with a code, waits without one, talks, leaves', async () => {
    await expect(say(carl, nip29.generateGroupJoinRequestEventTemplate(id))).rejects.toThrow(
      /^restricted: pending/,
    );
    await say(anna, nip29.generateCreateInviteEventTemplate(id, 'sesame'));
    await say(ben, nip29.generateGroupJoinRequestEventTemplate(id, 'sesame'));
    await expect(say(ben, nip29.generateGroupJoinRequestEventTemplate(id))).rejects.toThrow(/^duplicate:/);
    await say(ben, { kind: kinds.CHAT_LINE, tags: [['h', id]], content: 'hello from elsewhere' });
    await expect(say(carl, { kind: kinds.CHAT_LINE, tags: [['h', id]], content: 'me too' })).rejects.toThrow(
      /^restricted:/,
    );
    const lines = await pool.querySync([city.relayUrl], { kinds: [kinds.CHAT_LINE], '#h': [id] });
    expect(lines.map(({ content }) => content)).toEqual(['hello from elsewhere']);
    await say(ben, nip29.generateGroupLeaveRequestEventTemplate(id));
    expect((await load()).members?.map(({ pubkey }) => pubkey)).toEqual([anna.pubkey]);
  });

  test('moderates: roles, lines, pins, people', async () => {
    await say(anna, nip29.generatePutUserEventTemplate(id, ben.pubkey, ['moderator']));
    await say(ben, nip29.generatePutUserEventTemplate(id, carl.pubkey));
    await expect(say(ben, nip29.generatePutUserEventTemplate(id, carl.pubkey, ['admin']))).rejects.toThrow(
      /^restricted:/,
    );
    const line = carl.sign({ kind: kinds.CHAT_LINE, tags: [['h', id]], content: 'rude' });
    await relay.publish(open(line));
    await say(ben, nip29.generateUpdatePinListEventTemplate(id, [{ type: 'e', value: line.id }]));
    const where = { pool, groupReference: { id, host: '' }, normalizedRelayURL: city.relayUrl };
    expect(nip29.parseGroupPinnedEventsEvent(await nip29.fetchGroupPinnedEventsEvent(where))).toEqual([
      { type: 'e', value: line.id },
    ]);
    await say(ben, nip29.generateDeleteEventEventTemplate(id, line.id));
    expect(await pool.querySync([city.relayUrl], { ids: [line.id] })).toEqual([]);
    await say(ben, nip29.generateRemoveUserEventTemplate(id, carl.pubkey));
    const group = await load();
    expect(group.admins?.map(({ pubkey }) => pubkey)).toEqual([anna.pubkey, ben.pubkey]);
    expect(group.members?.map(({ pubkey }) => pubkey)).toEqual([anna.pubkey, ben.pubkey]);
    const roles = nip29.parseGroupRolesEvent(await nip29.fetchGroupRolesEvent(where));
    expect(roles.map(({ name }) => name)).toEqual(['admin', 'moderator']);
  });

  test('reads parts of places', async () => {
    const part = makePlace('tools-part');
    await say(anna, { ...part, tags: [...part.tags, ['parent', id]] });
    expect((await load()).metadata.children).toEqual(['tools-part']);
    const metadata = await nip29.fetchGroupMetadataEvent({
      pool,
      groupReference: { id: 'tools-part', host: '' },
      normalizedRelayURL: city.relayUrl,
    });
    expect(nip29.parseGroupMetadataEvent(metadata).parent).toBe(id);
  });

  test('proves its key and reconciles what a private place holds; without a key it learns nothing', async () => {
    const place = makePlace('tools-private', { private: true });
    await say(anna, place);
    const lines = ['one', 'two', 'three'].map((content) =>
      anna.sign({ kind: kinds.NOTE, tags: [['h', 'tools-private']], content }),
    );
    for (const line of lines) await relay.publish(open(line));
    const reconcile = async (own: Relay) => {
      const storage = new nip77.NegentropyStorageVector();
      storage.insert(lines[0]?.created_at ?? 0, lines[0]?.id ?? '');
      storage.seal();
      const need = new Set<string>();
      await new Promise<string | undefined>((resolve) => {
        const filter = { kinds: [kinds.NOTE], '#h': ['tools-private'] };
        void new nip77.NegentropySync(own, storage, filter, {
          onneed: (line) => need.add(line),
          onclose: resolve,
        }).start();
      });
      return { need: [...need].sort() };
    };
    const own = await Relay.connect(city.relayUrl);
    expect((await reconcile(own)).need).toEqual([]);
    await own.auth((draft) => Promise.resolve(finalizeEvent(draft, anna.secret)));
    expect((await reconcile(own)).need).toEqual(
      lines
        .slice(1)
        .map((line) => line.id)
        .sort(),
    );
    own.close();
  });
});

describe('NDK', () => {
  let noor: NdkGuest;
  beforeAll(async () => {
    noor = await NdkGuest.arrive(city.relayUrl);
  });
  afterAll(() => noor.leave());

  test('founds a place, names it, adds somebody, talks, takes a line away', async () => {
    const { kind, tags, content } = makePlace('depot');
    const mined = minePow(
      {
        kind,
        content,
        tags: tags.map((tag) => [...tag]),
        pubkey: noor.pubkey,
        created_at: Math.floor(Date.now() / 1000),
      },
      4,
    );
    await new NDKEvent(noor.ndk, mined).publish(noor.relaySet);
    const group = noor.group('depot');
    await group.setMetadata({ name: 'Tram Depot', about: 'Old trams' });
    const metadata = await group.getMetadata();
    expect([group.name, group.about, metadata.pubkey]).toEqual(['Tram Depot', 'Old trams', city.pubkey]);
    const guest = makePerson();
    await (await group.addUser(new NDKUser({ pubkey: guest.pubkey }))).publish(noor.relaySet);
    const list = await group.getMemberListEvent();
    expect(list && NDKSimpleGroupMemberList.from(list).members).toEqual([noor.pubkey, guest.pubkey]);
    const line = await noor.write(kinds.NOTE, 'depot', 'mind the gap');
    expect((await noor.read({ kinds: [kinds.NOTE], '#h': ['depot'] })).map((event) => event.content)).toEqual(
      ['mind the gap'],
    );
    await new NDKEvent(noor.ndk, {
      kind: kinds.DELETE_EVENT,
      content: '',
      tags: [
        ['h', 'depot'],
        ['e', line.id],
      ],
    }).publish(noor.relaySet);
    expect(await noor.read({ kinds: [kinds.NOTE], '#h': ['depot'] })).toEqual([]);
  });

  test('asks to join a closed place of somebody else', async () => {
    const relay = await Relay.connect(city.relayUrl);
    const anna = makePerson();
    await relay.publish(open(anna.sign(makePlace('salon', { closed: true, restricted: true }))));
    await expect(noor.write(kinds.NOTE, 'salon', 'hello?')).rejects.toThrow();
    await expect(noor.group('salon').requestToJoin(noor.pubkey)).rejects.toThrow();
    await relay.publish(open(anna.sign(nip29.generatePutUserEventTemplate('salon', noor.pubkey))));
    await noor.write(kinds.NOTE, 'salon', 'hello!');
    expect(await noor.read({ kinds: [kinds.NOTE], '#h': ['salon'] })).toHaveLength(1);
    relay.close();
  });
});
