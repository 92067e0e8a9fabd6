/** The languages of the demo city: who speaks what where, and their texts. */
import ar from './texts/ar.json' with { type: 'json' };
import de from './texts/de.json' with { type: 'json' };
import el from './texts/el.json' with { type: 'json' };
import en from './texts/en.json' with { type: 'json' };
import es from './texts/es.json' with { type: 'json' };
import fr from './texts/fr.json' with { type: 'json' };
import hi from './texts/hi.json' with { type: 'json' };
import id from './texts/id.json' with { type: 'json' };
import it from './texts/it.json' with { type: 'json' };
import ja from './texts/ja.json' with { type: 'json' };
import ko from './texts/ko.json' with { type: 'json' };
import nl from './texts/nl.json' with { type: 'json' };
import pl from './texts/pl.json' with { type: 'json' };
import pt from './texts/pt.json' with { type: 'json' };
import ru from './texts/ru.json' with { type: 'json' };
import sv from './texts/sv.json' with { type: 'json' };
import sw from './texts/sw.json' with { type: 'json' };
import tr from './texts/tr.json' with { type: 'json' };
import uk from './texts/uk.json' with { type: 'json' };
import zh from './texts/zh.json' with { type: 'json' };

const tables = { ar, de, el, en, es, fr, hi, id, it, ja, ko, nl, pl, pt, ru, sv, sw, tr, uk, zh };

/** ISO 639-1, for the languages that have a table. */
export type Language = keyof typeof tables;

/** What a circle is about: names and descriptions to choose from, and conversations in script notation (script.ts). */
export interface TopicTexts {
  readonly names: readonly string[];
  readonly abouts: readonly string[];
  readonly talks: readonly string[];
}

export interface LanguageTexts {
  readonly days: readonly string[];
  readonly people: { readonly first: readonly string[]; readonly last: readonly string[] };
  readonly abouts: readonly string[];
  readonly topics: Readonly<Record<string, TopicTexts>>;
  readonly talks: readonly string[];
}

export const LANGUAGES = Object.keys(tables).sort() as Language[];

/** The texts of a language. */
export const textsOf = (language: Language): LanguageTexts => tables[language];

/** The topics that a language has words for, in a fixed order. */
export const topicsOf = (language: Language): string[] => Object.keys(tables[language].topics).sort();

/** The texts of one topic; throws for a topic the language doesn't have. */
export const topicTexts = (language: Language, topic: string): TopicTexts => {
  const texts = textsOf(language).topics[topic];
  if (!texts) throw new Error(`${language} has no texts for ${topic}`);
  return texts;
};

/** How many conversations a language has, over all topics. */
export const countTalks = (language: Language): number =>
  Object.values(textsOf(language).topics).reduce(
    (sum, { talks }) => sum + talks.length,
    textsOf(language).talks.length,
  );

const speakers: Readonly<Partial<Record<Language, string>>> = {
  ar: 'EG SA IQ SD YE SY DZ MA TN LY JO LB AE KW OM QA BH PS MR',
  de: 'DE AT CH LI',
  el: 'GR CY',
  es: 'ES MX AR CO PE VE CL EC BO PY UY CU DO GT HN NI SV CR PA PR GQ',
  fr: 'FR BE CI SN CM CD BF BJ NE ML MG HT GN TG GA CG TD CF LU',
  hi: 'IN',
  id: 'ID',
  it: 'IT',
  ja: 'JP',
  ko: 'KR',
  nl: 'NL SR',
  pl: 'PL',
  pt: 'BR PT AO MZ GW CV',
  ru: 'RU KZ BY KG',
  sv: 'SE',
  sw: 'KE TZ',
  tr: 'TR',
  uk: 'UA',
  zh: 'CN',
};
const byCountry = new Map(
  Object.entries(speakers).flatMap(([language, countries]) =>
    countries.split(' ').map((country): [string, Language] => [country, language as Language]),
  ),
);

/** The language of a country (ISO 3166-1 alpha-2); English where there is no table for its own. */
export const languageOf = (country: string): Language => byCountry.get(country) ?? 'en';

const latin: ReadonlySet<Language> = new Set([
  'de',
  'en',
  'es',
  'fr',
  'id',
  'it',
  'nl',
  'pl',
  'pt',
  'sv',
  'sw',
  'tr',
]);

/** True when a place's name may stand in a text of the language: both in Latin letters, or both in others. */
export const canWriteName = (language: Language, name: string): boolean =>
  latin.has(language) === /\p{Script=Latin}/u.test(name);
