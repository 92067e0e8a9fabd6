/** What is said at the harbour: its own scripts, each different every time, and those of the city in its languages. */
import texts from './texts.json' with { type: 'json' };
import { LANGUAGES, textsOf } from '../languages.ts';
import type { Language } from '../languages.ts';
import type { Random } from '../random.ts';
import { readScript } from '../script.ts';
import type { Turn } from '../script.ts';

/** A conversation to be had, and in which language. */
export interface Script {
  readonly language: Language;
  readonly turns: readonly Turn[];
}

/** A conversation that is had once, and the word in it that is said at no other time. */
export interface Planted extends Script {
  readonly word: string;
  /** Days before the end. */
  readonly ago: number;
}

/** Every other conversation is about the harbour; the rest is what the city talks about, mostly in English. */
const OWN = 0.55;
const ENGLISH = 0.4;

const slots: Readonly<Record<string, readonly string[]>> = texts.slots;
const two = (value: number): string => String(value).padStart(2, '0');

/** One of `[a/b/c]`, and `{ship}` and the like from this place's lists; the city's own slots are left for later. */
const vary = (random: Random, script: string): string => {
  const held = Object.fromEntries(Object.entries(slots).map(([name, list]) => [name, random.pick(list)]));
  const times: Readonly<Record<string, string>> = {
    ...held,
    h: String(random.int(4, 23)),
    mm: two(random.int(0, 59)),
    cm: String(random.int(12, 240)),
  };
  return script
    .replaceAll(/\[([^\]]+)\]/g, (_, choices: string) => random.pick(choices.split('/')))
    .replaceAll(/\{(\w+)\}/g, (slot, name: string) => times[name] ?? slot);
};

const general = (language: Language): readonly string[] => {
  const { talks, topics } = textsOf(language);
  return [...talks, ...Object.values(topics).flatMap((topic) => topic.talks)];
};

/** Any of the harbour's conversations. */
export const drawScript = (random: Random): Script => {
  if (random.chance(OWN))
    return { language: 'en', turns: readScript(vary(random, random.pick(texts.talks))) };
  const language = random.chance(ENGLISH) ? 'en' : random.pick(LANGUAGES);
  return { language, turns: readScript(random.pick(general(language))) };
};

/** The conversations that a person may look for. */
export const planted: readonly Planted[] = texts.planted.map(({ word, ago, talk, ...rest }) => ({
  word,
  ago,
  language: ('language' in rest ? rest.language : 'en') as Language,
  turns: readScript(talk),
}));
