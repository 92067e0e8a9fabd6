/** Who wants to hear what; whoever throws keeps nobody else from hearing. */
export class Listeners<Heard extends Record<string, unknown>> {
  readonly #ears = new Map<keyof Heard, Set<(value: never) => unknown>>();

  /** Returns the way to stop listening. */
  on<Name extends keyof Heard>(name: Name, ear: (value: Heard[Name]) => unknown): () => void {
    const ears = this.#ears.get(name) ?? new Set();
    this.#ears.set(name, ears);
    ears.add(ear);
    return () => void ears.delete(ear);
  }

  /** Resolves when all have done what they wanted to. */
  async tell<Name extends keyof Heard>(name: Name, value: Heard[Name]): Promise<void> {
    const ears = [...(this.#ears.get(name) ?? [])] as ((value: Heard[Name]) => unknown)[];
    const ends = await Promise.allSettled(ears.map(async (ear) => ear(value)));
    for (const end of ends)
      if (end.status === 'rejected') console.error(`Somebody who heard "${String(name)}" failed`, end.reason);
  }
}
