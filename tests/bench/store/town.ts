/**
 * A hundred thousand events of a town, the same every time: lines, replies, reactions, profiles, places, deletions; a long tail of
 * places and people. Ids, keys and signatures are chance: the store takes events that were verified before.
 */
import type { NostrEvent, Tag } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { makeRandom } from '../../../src/server/demo/random.ts';
import type { Random } from '../../../src/server/demo/random.ts';
import { drawRank, drawText, drawTongue, drawWord } from './words.ts';
import type { Tongue } from './words.ts';

export interface TownPlan {
  readonly seed: string;
  readonly groups: number;
  readonly people: number;
  /** So many of the first come newest first, as a relay gives its history; the others as they happen. */
  readonly backlog: number;
  /** Nothing but lines. */
  readonly onlyLines?: boolean;
}

export interface Delivery {
  readonly event: NostrEvent;
  readonly relay: string;
}

interface Group {
  readonly id: string;
  readonly tongue: Tongue;
  readonly people: readonly string[];
  /** The last lines, for who answers. */
  readonly recent: NostrEvent[];
}

export const TOWN_BEGINS = 1_700_000_000;
/** Between two events. */
const STEP_SECONDS = 300;
const DUPLICATES = 0.1;
const REMEMBERED = 4000;
const RECENT = 40;
const RELAYS = ['wss://one.example', 'wss://two.example', 'wss://three.example'];
const EMOJI = ['+', '❤️', '😂', '👍', '🎉', '🙏', '🔥', '-'];

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const drawHex = (random: Random, bytes: number): string => {
  let hex = '';
  for (let at = 0; at < bytes; at++) hex += HEX[Math.floor(random.next() * 256)];
  return hex;
};

/** As it comes off the wire: an object of its own, its strings in one piece. */
const fromWire = (event: NostrEvent): NostrEvent => JSON.parse(JSON.stringify(event)) as NostrEvent;

export class Town {
  readonly #random: Random;
  readonly #plan: TownPlan;
  readonly #people: readonly string[];
  readonly #groups: readonly Group[];
  readonly #delivered: NostrEvent[] = [];
  #backlog: NostrEvent[] | undefined;
  #made = 0;

  constructor(plan: TownPlan) {
    this.#plan = plan;
    this.#random = makeRandom(plan.seed);
    this.#people = Array.from({ length: plan.people }, () => drawHex(this.#random, 32));
    this.#groups = Array.from({ length: plan.groups }, () => this.#makeGroup());
  }

  /** The groups' ids, the busiest first. */
  get groups(): readonly string[] {
    return this.#groups.map(({ id }) => id);
  }

  /** The next so many events that were not there before, and a tenth of all a second time from another relay. */
  deliver(count: number): Delivery[] {
    const deliveries: Delivery[] = [];
    for (let fresh = 0; fresh < count;) {
      const isAgain = this.#delivered.length > 0 && this.#random.chance(DUPLICATES);
      const event = isAgain ? this.#random.pick(this.#delivered) : this.#next();
      deliveries.push({ event: fromWire(event), relay: this.#random.pick(RELAYS) });
      if (isAgain) continue;
      fresh++;
      if (this.#delivered.length < REMEMBERED) this.#delivered.push(event);
      else this.#delivered[this.#made % REMEMBERED] = event;
    }
    return deliveries;
  }

  #next(): NostrEvent {
    this.#backlog ??= Array.from({ length: this.#plan.backlog }, () => this.#happen());
    return this.#backlog.pop() ?? this.#happen();
  }

  #makeGroup(): Group {
    const random = this.#random;
    const size = random.int(3, Math.max(3, Math.min(400, this.#people.length)));
    const people = Array.from(
      { length: size },
      () => this.#people[drawRank(random, this.#people.length)] ?? '',
    );
    return { id: drawHex(random, 8), tongue: drawTongue(random), people, recent: [] };
  }

  #happen(): NostrEvent {
    this.#made++;
    const random = this.#random;
    const group = this.#groups[drawRank(random, this.#groups.length)] as Group;
    const odds = this.#plan.onlyLines ? 1 : random.next();
    if (odds < 0.022) return this.#profile();
    if (odds < 0.026) return this.#metadata(group);
    if (odds < 0.029) return this.#members(group);
    const target = group.recent[drawRank(random, group.recent.length)];
    if (odds < 0.3 && target) return this.#reaction(group, target);
    if (odds < 0.308 && target) return this.#deletion(group, target);
    return this.#line(group, random.chance(0.22) ? target : undefined);
  }

  #line(group: Group, answered: NostrEvent | undefined): NostrEvent {
    const random = this.#random;
    const tongue = random.chance(0.06) ? 'en' : group.tongue;
    const tags: Tag[] = [['h', group.id]];
    if (answered) tags.push(['q', answered.id, '', answered.pubkey], ['p', answered.pubkey]);
    if (random.chance(0.5)) tags.push(['previous', drawHex(random, 4), drawHex(random, 4)]);
    const kind = !answered && random.chance(0.1) ? kinds.NOTE : kinds.CHAT_LINE;
    const line = this.#sign(this.#member(group), kind, drawText(random, tongue), tags);
    group.recent.unshift(line);
    if (group.recent.length > RECENT) group.recent.pop();
    return line;
  }

  #reaction(group: Group, { id, pubkey, kind }: NostrEvent): NostrEvent {
    const emoji = EMOJI[drawRank(this.#random, EMOJI.length)] ?? '+';
    return this.#sign(this.#member(group), kinds.REACTION, emoji, [
      ['h', group.id],
      ['e', id],
      ['p', pubkey],
      ['k', String(kind)],
    ]);
  }

  #deletion(group: Group, { id, pubkey, kind }: NostrEvent): NostrEvent {
    return this.#sign(pubkey, kinds.DELETION, '', [
      ['h', group.id],
      ['e', id],
      ['k', String(kind)],
    ]);
  }

  #profile(): NostrEvent {
    const random = this.#random;
    const name = `${drawWord(random, 'en')} ${drawWord(random, 'de')}`;
    const profile = {
      name,
      display_name: name,
      about: drawText(random, drawTongue(random)),
      picture: `https://media.example/${drawHex(random, 32)}.jpg`,
      nip05: `${drawHex(random, 4)}@town.example`,
      lud16: `${drawHex(random, 4)}@pay.example`,
    };
    return this.#sign(random.pick(this.#people), kinds.PROFILE, JSON.stringify(profile), []);
  }

  #metadata(group: Group): NostrEvent {
    const random = this.#random;
    return this.#sign(this.#people[0] ?? '', kinds.GROUP_METADATA, '', [
      ['d', group.id],
      ['name', `${drawWord(random, group.tongue)} ${drawWord(random, group.tongue)}`],
      ['about', drawText(random, group.tongue)],
      ['g', 'u33dc1'],
      ['public'],
      ['open'],
    ]);
  }

  #members(group: Group): NostrEvent {
    const people = group.people.slice(0, this.#random.int(3, 80)).map((pubkey): Tag => ['p', pubkey]);
    return this.#sign(this.#people[0] ?? '', kinds.GROUP_MEMBERS, '', [['d', group.id], ...people]);
  }

  #member({ people }: Group): string {
    return people[drawRank(this.#random, people.length)] ?? '';
  }

  #sign(pubkey: string, kind: number, content: string, tags: Tag[]): NostrEvent {
    const created_at = TOWN_BEGINS + this.#made * STEP_SECONDS + this.#random.int(-240, 240);
    const [id, sig] = [drawHex(this.#random, 32), drawHex(this.#random, 64)];
    return { id, pubkey, created_at, kind, tags, content, sig };
  }
}

/** When a town's so-manieth event happened. */
export const townTime = (count: number): number => TOWN_BEGINS + count * STEP_SECONDS;
