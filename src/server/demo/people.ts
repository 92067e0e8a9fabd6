/** The demo's people: names by language, a home, a key derived from the seed. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '#shared/bytes.ts';
import { xOnlyPointFromScalar } from 'tiny-secp256k1';
import { LANGUAGES, textsOf } from './languages.ts';
import type { Language } from './languages.ts';
import { denseCities } from './places.ts';
import { makeRandom } from './random.ts';
import type { Random } from './random.ts';

export interface Person {
  readonly name: string;
  readonly about: string;
  readonly language: Language;
  readonly pubkey: string;
  readonly secret: Uint8Array;
}

const MOST = 44;
const FEWEST = 14;
const encoder = new TextEncoder();

// More people where more cities speak the language.
const countFor = (language: Language): number =>
  Math.min(MOST, FEWEST + 6 * denseCities.filter((city) => city.language === language).length);

const familyFirst: ReadonlySet<Language> = new Set(['ja', 'ko', 'zh']);

const nameOf = (language: Language, index: number, random: Random): string => {
  const { first, last } = textsOf(language).people;
  const given = first[index % first.length] ?? '';
  const family = random.pick(last);
  if (familyFirst.has(language)) return language === 'ja' ? `${family} ${given}` : `${family}${given}`;
  return random.chance(0.35) && given.length >= 3 && index < first.length ? given : `${given} ${family}`;
};

/** Names of two letters are too short for the city's rule; those people also give their language's bow. */
const longEnough = (name: string): string => (Array.from(name).length < 3 ? `${name} 🌿` : name);

const makePerson = (seed: string, language: Language, index: number): Person => {
  const random = makeRandom(`${seed}/person/${language}/${index}`);
  const homes = denseCities.filter((city) => city.language === language).map((city) => city.name);
  const abouts = textsOf(language).abouts.filter((about) => homes.length > 0 || !about.includes('{city}'));
  const secret = sha256(encoder.encode(`${seed}/key/${language}/${index}`));
  return {
    name: longEnough(nameOf(language, index, random)),
    about: random.chance(0.8) ? random.pick(abouts).replace('{city}', () => random.pick(homes)) : '',
    language,
    secret,
    pubkey: bytesToHex(xOnlyPointFromScalar(secret)),
  };
};

/** Everybody, by language. */
export const makePeople = (seed: string): ReadonlyMap<Language, readonly Person[]> =>
  new Map(
    LANGUAGES.map((language) => [
      language,
      Array.from({ length: countFor(language) }, (_, index) => makePerson(seed, language, index)),
    ]),
  );
