/** Which private talks may be heard: those of strangers wait in a tray of their own, without a sound. */
import type { City } from '#client/city/city.ts';
import { talks } from '#client/direct/tables.ts';
import type { TalkRow } from '#client/direct/tables.ts';
import { isTalk } from '#protocol/direct/rumors.ts';

type Standing = TalkRow['standing'];

/** Conversations of which a person may be told: all but strangers' talks. */
export const heardRows = <Row>(
  rows: Readonly<Record<string, Row>>,
  standingOf: (talk: string) => Standing,
): Readonly<Record<string, Row>> =>
  Object.fromEntries(Object.entries(rows).filter(([id]) => !isTalk(id) || standingOf(id) === 'open'));

export class Standings {
  #rows = $state.raw<Readonly<Record<string, Standing>>>({});
  readonly #city: Pick<City, 'all' | 'watch' | 'record'>;

  constructor(city: Pick<City, 'all' | 'watch' | 'record'>) {
    this.#city = city;
  }

  /** Reads and listens. Answers how to stop. */
  start(): () => void {
    const stop = this.#city.watch([{ table: talks.name }], () => void this.#read());
    void this.#read();
    return stop;
  }

  /** Reactive. A talk of which nothing is known is one that the person is about to begin. */
  of = (talk: string): Standing => this.#rows[talk] ?? 'open';

  /** What the person says to those who wrote first. */
  async answer(talk: string, answer: 'accepted' | 'ignored'): Promise<void> {
    await this.#city.record({ type: 'RequestAnswered', v: 1, talk, answer });
  }

  async #read(): Promise<void> {
    this.#rows = Object.fromEntries((await this.#city.all(talks)).map(({ id, standing }) => [id, standing]));
  }
}
