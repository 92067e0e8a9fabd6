/** Which circles there are: where, in which language, about what, how alive. */
import { encodeGeohash } from '#shared/geohash.ts';
import type { Geohash } from '#shared/geohash.ts';
import type { GroupModes } from '#protocol/groups.ts';
import { canWriteName, countTalks, topicsOf, topicTexts } from './languages.ts';
import type { Language } from './languages.ts';
import { denseCities, towns } from './places.ts';
import type { Place } from './places.ts';
import { makeRandom } from './random.ts';
import type { Random } from './random.ts';
import { capitalize } from './script.ts';

export interface CirclePlan {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly language: Language;
  readonly topic: string;
  readonly place: Place;
  readonly cell: Geohash;
  readonly modes: GroupModes;
  /** How many lines it has, at least about. */
  readonly lines: number;
}

interface Site {
  readonly place: Place;
  readonly language: Language;
  readonly hasShore: boolean;
  readonly isDense: boolean;
}

const DENSE_SHARE = 0.46;
const KM = 1 / 111; // degrees of latitude

const denseSites = (random: Random, count: number): Site[] => {
  const most = Math.max(1, Math.min(60, Math.ceil((2 * count) / denseCities.length)));
  const wishes = denseCities.map(() => random.int(Math.min(10, most), most));
  const scale = count / wishes.reduce((sum, wish) => sum + wish, 0);
  return denseCities.flatMap((city, index) =>
    Array.from({ length: Math.max(1, Math.round((wishes[index] ?? 1) * scale)) }, (): Site => ({
      place: random.pick(city.districts),
      language: random.chance(0.12) ? 'en' : city.language,
      hasShore: city.hasShore,
      isDense: true,
    })),
  );
};

// Every town gets one circle before any gets a second; the largest towns come first.
const townSites = (count: number): Site[] =>
  Array.from({ length: Math.max(0, count) }, (_, index) => {
    const town = towns[index % towns.length];
    if (!town) throw new Error('there are no towns: build generated.json anew');
    return { place: town, language: town.language, hasShore: false, isDense: false };
  });

const cellOf = (random: Random, { place, isDense }: Site): Geohash => {
  const spread = (isDense ? 0.55 : 0.8) * KM;
  const latitude = place.latitude + random.normal() * spread;
  const longitude = place.longitude + (random.normal() * spread) / Math.cos((place.latitude * Math.PI) / 180);
  return encodeGeohash(latitude, longitude, [6, 5, 4][random.weighted(isDense ? [75, 23, 2] : [70, 25, 5])]);
};

const modesOf = (random: Random): GroupModes => {
  const door = random.next();
  const isPrivate = door < 0.02;
  return {
    private: isPrivate,
    restricted: isPrivate || door < 0.07,
    closed: isPrivate || (door > 0.05 && door < 0.1),
    hidden: false,
  };
};

const namesFor = ({ place, language }: Site, topic: string): string[] => {
  const isWritable = canWriteName(language, place.name);
  return topicTexts(language, topic)
    .names.filter((name) => isWritable || !name.includes('{d}'))
    .map((name) => capitalize(name.replace('{d}', () => place.name)));
};

/** A topic and a name that nobody else has nearby, as far as there are names; names with the place in them come first. */
const christen = (random: Random, site: Site, taken: Set<string>): { topic: string; name: string } => {
  const { place } = site;
  const key = (name: string): string =>
    `${Math.round(place.latitude)}/${Math.round(place.longitude)}/${name}`;
  const topics = random.shuffle(topicsFor(site));
  const wishes = topics.flatMap((topic) =>
    random.shuffle(namesFor(site, topic)).map((name) => ({ topic, name })),
  );
  const withPlace = (name: string): boolean => name.includes(place.name);
  const first = wishes.filter(
    ({ topic, name }) => topic === topics[0] && (withPlace(name) || random.chance(0.5)),
  );
  const choice = [...first, ...wishes].find(({ name }) => !taken.has(key(name))) ?? random.pick(wishes);
  taken.add(key(choice.name));
  return choice;
};

const topicsFor = ({ language, hasShore, place }: Site): string[] =>
  topicsOf(language).filter(
    (topic) =>
      (topic !== 'swim' || hasShore) &&
      (canWriteName(language, place.name) ||
        topicTexts(language, topic).names.some((name) => !name.includes('{d}'))),
  );

/** A few very alive, most quiet, some silent. */
const linesAtRank = (rank: number, count: number): number => {
  if (rank > count * 0.88) return 0;
  return Math.max(2, Math.round(Math.min(170, 400 * ((rank + 1) * (2200 / count)) ** -0.56)));
};

// The liveliest circles are in the well-known cities, and where a language has enough to say.
const drawRank = (random: Random, { isDense, language }: Site): number =>
  (isDense ? random.next() : 0.08 + 4 * random.next()) * (1 + 12 / countTalks(language));

/** The plan of all circles; the first are the most alive. */
export const planCircles = (seed: string, count: number): CirclePlan[] => {
  const random = makeRandom(`${seed}/plan`);
  const dense = denseSites(random, Math.round(count * DENSE_SHARE)).slice(0, count);
  const sites = [...dense, ...townSites(count - dense.length)]
    .map((site) => ({ site, key: drawRank(random, site) }))
    .sort((a, b) => a.key - b.key);
  const taken = new Set<string>();
  return sites.map(({ site }, rank) => {
    const own = makeRandom(`${seed}/circle/${rank}`);
    const { topic, name } = christen(own, site, taken);
    return {
      id: Array.from({ length: 12 }, () => '23456789abcdefghjkmnpqrstuvwxyz'[own.int(0, 30)]).join(''),
      name,
      about: own.pick(topicTexts(site.language, topic).abouts),
      language: site.language,
      topic,
      place: site.place,
      cell: cellOf(own, site),
      modes: modesOf(own),
      lines: linesAtRank(rank, count),
    };
  });
};
