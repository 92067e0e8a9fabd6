/** The line from an operator's device to the city: every request is signed by the operator's key (NIP-98). */
import type { Signer } from '#client/keys/signer.ts';
import { readAdminRefusal } from '#protocol/admin/answers.ts';
import type { AdminRefusalCode } from '#protocol/admin/admin.ts';
import { encodeHttpAuth, makeHttpAuth } from '#protocol/http-auth.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';

/** `offline`: the city does not answer; `unsigned`: nobody here can or wants to sign. */
export type LineFailure = Failure<AdminRefusalCode | 'offline' | 'unsigned'>;

export interface LinePorts {
  readonly origin: string;
  readonly signer: () => Signer | undefined;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

const PATIENCE_MS = 15_000;

export class CityLine {
  #ports: LinePorts;

  constructor(ports: LinePorts) {
    this.#ports = ports;
  }

  /** Asks; the answer is JSON of any shape. */
  ask(path: string): Promise<Result<unknown, LineFailure>> {
    return this.#send('GET', path);
  }

  /** Has something done. */
  tell(path: string, action: object): Promise<Result<unknown, LineFailure>> {
    return this.#send('POST', path, JSON.stringify(action));
  }

  async #send(method: 'GET' | 'POST', path: string, body?: string): Promise<Result<unknown, LineFailure>> {
    const { origin, clock, signer } = this.#ports;
    const url = origin + path;
    const draft = makeHttpAuth({ url, method, ...(body === undefined ? {} : { body }) });
    const event = await signer()?.sign({ ...draft, created_at: clock.now() });
    if (!event?.ok) return fail('unsigned', event?.error.message ?? 'nobody is here who could sign');
    try {
      const response = await this.#ports.fetch(url, {
        method,
        ...(body === undefined ? {} : { body }),
        headers: { authorization: encodeHttpAuth(event.value), 'content-type': 'application/json' },
        signal: AbortSignal.timeout(PATIENCE_MS),
        cache: 'no-store',
      });
      const json: unknown = await response.json().catch(() => undefined);
      return response.ok ? ok(json) : { ok: false, error: readAdminRefusal(json) };
    } catch (cause) {
      return fail('offline', 'the city does not answer', cause);
    }
  }
}
