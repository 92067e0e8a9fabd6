/** Whether the parts a city stands on answer, within a moment even when one of them hangs. */

/** Asks one part for a sign of life; rejects or never settles when it is away. */
export type Check = () => Promise<unknown>;

const WITHIN_MS = 1500;

const isAway = (check: Check, withinMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const patience = setTimeout(() => resolve(true), withinMs);
    const settle = (away: boolean) => (): void => {
      clearTimeout(patience);
      resolve(away);
    };
    check().then(settle(false), settle(true));
  });

/** Tells which parts are away. However many ask, each part is asked once at a time: a part that hangs gathers no crowd. */
export const makeHealth = (checks: Readonly<Record<string, Check>>, withinMs = WITHIN_MS) => {
  const asked = new Map<string, Promise<unknown>>();
  const once = (name: string, check: Check): Promise<unknown> => {
    const before = asked.get(name);
    if (before) return before;
    const sign = check().finally(() => asked.delete(name));
    asked.set(name, sign);
    return sign;
  };
  return async (): Promise<string[]> => {
    const names = Object.entries(checks).map(async ([name, check]) =>
      (await isAway(() => once(name, check), withinMs)) ? [name] : [],
    );
    return (await Promise.all(names)).flat();
  };
};
