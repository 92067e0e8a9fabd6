/** What the city says of itself (NIP-11), kept so that an offline start knows it too. */
import { parseCityInformation } from '#protocol/relay/information.ts';
import type { CityInformation } from '#protocol/relay/information.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { parseJson } from '#shared/json.ts';
import type { CityClock } from '#client/device/city-clock.ts';

const KEPT = 'city-information';
const PATIENCE_MS = 6000;

/** The relay's address on a page's origin: `ws(s)://host`. */
export const relayOf = (origin: string): string => origin.replace(/^http/, 'ws');

/** Asks the city who it is, and hears from its answer what time it is there. */
export const askCity = async (
  origin: string,
  clock?: Pick<CityClock, 'read' | 'hear'>,
): Promise<Result<CityInformation, Failure>> => {
  const asked = clock?.read() ?? 0;
  try {
    const response = await fetch(`${origin}/`, {
      headers: { accept: 'application/nostr+json' },
      signal: AbortSignal.timeout(PATIENCE_MS),
      cache: 'no-store',
    });
    clock?.hear(response.headers.get('date'), asked);
    if (!response.ok) return fail('unreachable', `the city answered ${response.status}`);
    return parseCityInformation(await response.json());
  } catch (cause) {
    return fail('unreachable', 'the city does not answer', cause);
  }
};

const remembered = (storage: Storage): CityInformation | undefined => {
  const json = parseJson(storage.getItem(KEPT) ?? '');
  return json.ok ? (json.value as CityInformation) : undefined;
};

/** The kept answer at once where there is one (and a fresh one through `onNews`); else waits for the city. */
export const learnCity = async (
  origin: string,
  storage: Storage,
  onNews: (information: CityInformation) => void,
  clock?: Pick<CityClock, 'read' | 'hear'>,
): Promise<Result<CityInformation, Failure>> => {
  const kept = remembered(storage);
  const fresh = askCity(origin, clock).then((answer) => {
    if (answer.ok) storage.setItem(KEPT, JSON.stringify(answer.value));
    return answer;
  });
  if (!kept) return fresh;
  void fresh.then((answer) => answer.ok && onNews(answer.value));
  return ok(kept);
};

/** Hands the city's fresh answer to whoever follows, also when it came before. */
export class CityNews {
  #latest: CityInformation | undefined;
  #hear: (information: CityInformation) => void = () => undefined;

  tell(information: CityInformation): void {
    this.#latest = information;
    this.#hear(information);
  }

  follow(hear: (information: CityInformation) => void): void {
    this.#hear = hear;
    if (this.#latest) hear(this.#latest);
  }
}
