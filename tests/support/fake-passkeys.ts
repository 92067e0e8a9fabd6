/** An authenticator whose answers a test can spoil. */
import type { Bytes, PasskeyFailure, PasskeyPort } from '../../src/client/profiles/ports.ts';
import { fail, ok } from '../../src/shared/result.ts';

export class FakePasskeys implements PasskeyPort {
  readonly held = new Map<string, Bytes>();
  readonly forgotten: string[] = [];
  asked = 0;
  givesSecretAtOnce = false;
  /** What happens at the nth question from now, 1 for the next. */
  trouble: Map<number, PasskeyFailure['code'] | 'another secret' | 'another key'> = new Map();
  hasSupport = true;

  isSupported = () => this.hasSupport;

  make: PasskeyPort['make'] = async ({ salt }) => {
    const id = `${this.held.size + 1}`.padStart(32, 'a');
    this.held.set(id, crypto.getRandomValues(new Uint8Array(32)));
    return ok({ id, ...(this.givesSecretAtOnce ? { secret: await this.#secret(id, salt) } : {}) });
  };

  ask: PasskeyPort['ask'] = async (ids, salt) => {
    const trouble = this.trouble.get(++this.asked);
    if (trouble === 'another secret')
      return ok({ id: ids[0] ?? '', secret: crypto.getRandomValues(new Uint8Array(32)) });
    if (trouble === 'another key')
      return ok({ id: 'ff', secret: crypto.getRandomValues(new Uint8Array(32)) });
    if (trouble) return fail(trouble, 'no');
    const id = ids.find((known) => this.held.has(known));
    return id === undefined
      ? fail('cancelled', 'none of these')
      : ok({ id, secret: await this.#secret(id, salt) });
  };

  forget = (id: string) => void this.forgotten.push(id);

  async #secret(id: string, salt: Bytes): Promise<Bytes> {
    const joined = new Uint8Array([...(this.held.get(id) ?? []), ...salt]);
    return new Uint8Array(await crypto.subtle.digest('SHA-256', joined));
  }
}
