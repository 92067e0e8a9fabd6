import { verifyEvent } from 'nostr-tools/pure';
import { beforeAll, expect, test, vi } from 'vitest';
import { countCharacters } from '#shared/text.ts';
import { isHex64 } from '#shared/bytes.ts';
import { parseGeohash } from '#shared/geohash.ts';
import { hasValidId, parseEvent } from '#protocol/event.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { checkGroupProfile, isGroupId, parseModes } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { LINE_MAX, parseLine, parseReaction } from '#protocol/messages.ts';
import { parseRelayList } from '#protocol/lists.ts';
import { checkProfile, parseProfile } from '#protocol/profiles.ts';
import { groupOf, tagValue, tagValues } from '#protocol/tags.ts';
import { buildDemoData } from '../../launch/build-demo-data.mjs';

// Signing thousands of events takes as long as the machine takes.
vi.setConfig({ testTimeout: 120_000 });

const now = 1_795_000_000;
const options = { seed: 'test', now, groups: 120 };
let events: NostrEvent[];
let demo: typeof import('./demo-events.ts');

beforeAll(async () => {
  buildDemoData(); // before anything imports what it makes
  demo = await import('./demo-events.ts');
  events = [...demo.demoEvents(options)];
});

const ofKind = (kind: number): NostrEvent[] => events.filter((event) => event.kind === kind);
const founded = (): Map<string, NostrEvent> =>
  new Map(ofKind(kinds.CREATE_GROUP).map((event) => [groupOf(event) ?? '', event]));

test('the same seed gives the same city, another seed another', () => {
  const take = (seed: string): string[] => {
    const ids: string[] = [];
    for (const event of demo.demoEvents({ ...options, seed, groups: 5 })) ids.push(event.sig);
    return ids;
  };
  expect(take('test')).toEqual(take('test'));
  expect(take('other')[0]).not.toBe(take('test')[0]);
});

test('every event has the right shape and id, a sample the right signature', () => {
  for (const event of events) expect(parseEvent(structuredClone(event)).ok && hasValidId(event)).toBe(true);
  const sample = events.filter((_, index) => index % 97 === 0);
  for (const event of sample)
    expect(verifyEvent({ ...event, tags: event.tags.map((tag) => [...tag]) })).toBe(true);
});

test('each id comes once, nothing is from the future, and the newest line is minutes old', () => {
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(Math.max(...events.map(({ created_at }) => created_at))).toBeLessThanOrEqual(now);
  const newest = Math.max(...ofKind(kinds.NOTE).map(({ created_at }) => created_at));
  expect(now - newest).toBeLessThan(15 * 60);
});

test('people have names that the city takes, and relays', () => {
  const profiles = ofKind(kinds.PROFILE);
  expect(profiles.length).toBeGreaterThanOrEqual(400);
  for (const event of profiles) {
    const profile = parseProfile(event);
    expect(profile.ok && checkProfile(profile.value).ok).toBe(true);
  }
  expect(parseRelayList(ofKind(kinds.RELAY_LIST)[0] as NostrEvent).write).toHaveLength(1);
});

test('each circle is founded once, with a fit name and a true cell', () => {
  const groups = founded();
  expect(groups.size).toBe(options.groups);
  for (const [id, event] of groups) {
    const cell = parseGeohash(tagValue(event, 'g'));
    if (!cell.ok) throw new Error(`${id} has no cell`);
    const profile = {
      name: tagValue(event, 'name') ?? '',
      about: tagValue(event, 'about') ?? '',
      geohash: cell.value,
      modes: parseModes(event),
    };
    expect(isGroupId(id) && checkGroupProfile(profile).ok).toBe(true);
    expect(`${profile.name}${profile.about}`).not.toMatch(/[{}|]/);
  }
});

test('every line and reaction comes after its circle, and every reply after the line it answers, in the same circle', () => {
  const open = new Set<string>();
  const seen = new Map<string, { group: string; at: number }>();
  let replies = 0;
  for (const event of events) {
    if (event.kind === kinds.CREATE_GROUP) open.add(groupOf(event) ?? '');
    const line = parseLine(event);
    const target = line?.replyTo ?? parseReaction(event)?.target;
    if (line || event.kind === kinds.REACTION) expect(open.has(groupOf(event) ?? '')).toBe(true);
    if (target !== undefined) {
      replies += Number(line !== undefined);
      expect(seen.get(target)?.group).toBe(groupOf(event));
      expect(seen.get(target)?.at).toBeLessThanOrEqual(event.created_at);
      if (line) expect(seen.has(line.root ?? '')).toBe(true);
    }
    if (line) seen.set(line.id, { group: line.group, at: line.at });
  }
  expect(replies).toBeGreaterThan(seen.size / 6);
});

test('lines of a circle stand in the order of time', () => {
  const last = new Map<string, number>();
  for (const event of ofKind(kinds.NOTE)) {
    const group = groupOf(event) ?? '';
    expect(event.created_at).toBeGreaterThan(last.get(group) ?? 0);
    last.set(group, event.created_at);
  }
});

test('whoever writes is a member, admitted by the founder; restricted circles have helpers', () => {
  const members = new Map<string, Set<string>>();
  const founders = new Map<string, string>();
  for (const event of events) {
    const group = groupOf(event) ?? '';
    if (event.kind === kinds.CREATE_GROUP) {
      founders.set(group, event.pubkey);
      members.set(group, new Set([event.pubkey]));
    } else if (event.kind === kinds.PUT_USER) {
      expect(event.pubkey).toBe(founders.get(group));
      expect(tagValues(event, 'p').every(isHex64)).toBe(true);
      for (const pubkey of tagValues(event, 'p')) members.get(group)?.add(pubkey);
    } else if (event.kind === kinds.NOTE) expect(members.get(group)?.has(event.pubkey)).toBe(true);
  }
});

test('no slot or notation is left in what people say', () => {
  for (const { content } of ofKind(kinds.NOTE)) {
    expect(content).not.toMatch(/[{}|]|@[A-D]\b|undefined/);
    expect(countCharacters(content)).toBeLessThan(LINE_MAX);
    expect(content.trim()).toBe(content);
    expect(content).not.toBe('');
  }
});

test('mentions in words are mentions in tags', () => {
  const mentioning = ofKind(kinds.NOTE).filter(({ content }) => content.includes('nostr:npub1'));
  expect(mentioning.length).toBeGreaterThan(0);
  for (const event of mentioning) expect(tagValues(event, 'p').length).toBeGreaterThan(0);
});

test('some are loved: reactions vary, and a few lines have a crowd', () => {
  const reactions = ofKind(kinds.REACTION);
  expect(new Set(reactions.map(({ content }) => content)).size).toBeGreaterThan(15);
  const crowds = new Map<string, number>();
  for (const event of reactions) {
    const target = tagValue(event, 'e') ?? '';
    crowds.set(target, (crowds.get(target) ?? 0) + 1);
  }
  expect(Math.max(...crowds.values())).toBeGreaterThanOrEqual(6);
});
