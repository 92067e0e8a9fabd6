/**
 * A person's other server of files, asked on their behalf: whether it is one (BUD-01), and to fetch a file from this city (BUD-04).
 * Public addresses only, one answer, no redirects: the person's token goes nowhere but to the server it names.
 */
import type { IncomingMessage } from 'node:http';
import { parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { displayLine } from '#shared/text.ts';
import { parseDescriptor } from '#protocol/media/blossom.ts';
import type { BlobDescriptor } from '#protocol/media/blossom.ts';
import { AddressGuard, ForbiddenAddress, hostOf } from '../../outbound/guard.ts';
import type { Resolve } from '../../outbound/guard.ts';
import { connect } from '../fetching/connect.ts';
import type { ConnectOptions } from '../fetching/connect.ts';
import { parseTarget } from '../fetching/target.ts';

/** `forbidden`: no place to ask; `origin`: it does not answer, or not as a server of files does; `other`: it said no, with its words. */
export type OtherFailure = Failure<'forbidden' | 'origin' | 'other'>;

export interface OtherRules {
  readonly resolve?: Resolve;
  /** For tests: this machine's addresses on these ports are let through. */
  readonly loopbackPorts?: ReadonlySet<number>;
}

/** What is asked of the other side. */
type Question = Pick<ConnectOptions, 'method' | 'headers' | 'body'>;

/** Milliseconds: it has to fetch the whole file before it answers. */
const WITHIN_MS = 120_000;
const CHECK_WITHIN_MS = 10_000;
const ANSWER_BYTES = 64 * 1024;
const WORDS = 200;
const AGENT = 'SynchronoCity/1.0 (mirroring)';

const forbidden = () => fail('forbidden', 'the address is not on the public internet');

export class OtherServer {
  readonly #rules: OtherRules;
  readonly #ports: ReadonlySet<number>;

  constructor(rules: OtherRules = {}) {
    this.#rules = rules;
    this.#ports = rules.loopbackPorts ?? new Set();
  }

  /** Whether a server of files answers there: every one tells pages of any origin that they may PUT (BUD-01). */
  async check(origin: string): Promise<Result<true, OtherFailure>> {
    const headers = {
      origin: 'https://city.invalid',
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'authorization',
    };
    const asked = await this.#ask(origin, '/upload', { method: 'OPTIONS', headers }, CHECK_WITHIN_MS);
    if (!asked.ok) return asked;
    const { statusCode = 0, headers: said } = asked.value;
    asked.value.destroy();
    const methods = String(said['access-control-allow-methods'] ?? '').toUpperCase();
    const isOne = statusCode >= 200 && statusCode < 300 && /(^|[\s,])(PUT|\*)([\s,]|$)/.test(methods);
    return isOne ? ok(true) : fail('origin', 'what answers there is no server of files');
  }

  /** Has it fetch `url`; what it then says of the file, which must be this one. */
  async mirror(
    origin: string,
    { url, hash, token }: { readonly url: string; readonly hash: string; readonly token: string },
  ): Promise<Result<BlobDescriptor, OtherFailure>> {
    const body = JSON.stringify({ url });
    const headers = {
      authorization: token,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const asked = await this.#ask(origin, '/mirror', { method: 'PUT', headers, body }, WITHIN_MS);
    if (!asked.ok) return asked;
    const { statusCode = 0, headers: said } = asked.value;
    if (statusCode !== 200 && statusCode !== 201) {
      asked.value.destroy();
      const words = displayLine(String(said['x-reason'] ?? ''), WORDS);
      return fail('other', words || `the other server answers ${statusCode}`);
    }
    const json = parseJson(await textOf(asked.value));
    const parsed = json.ok ? parseDescriptor(json.value) : json;
    return parsed.ok && parsed.value.sha256 === hash
      ? ok(parsed.value)
      : fail('origin', 'the other server does not say that it has the file');
  }

  async #ask(
    origin: string,
    path: string,
    question: Question,
    withinMs: number,
  ): Promise<Result<IncomingMessage, OtherFailure>> {
    const url = parseTarget(new URL(path, origin).href, this.#ports);
    if (!url) return forbidden();
    const local = this.#ports.has(Number(url.port));
    const guard = new AddressGuard({
      ...(this.#rules.resolve ? { resolve: this.#rules.resolve } : {}),
      local,
    });
    if (!guard.allowsLiteral(hostOf(url))) return forbidden();
    const headers = { 'user-agent': AGENT, accept: 'application/json', ...question.headers };
    try {
      return ok(await connect(url, { ...question, headers, guard, signal: AbortSignal.timeout(withinMs) }));
    } catch (cause) {
      if (cause instanceof ForbiddenAddress) return forbidden();
      return fail('origin', 'the other server cannot be reached', cause);
    }
  }
}

/** The beginning of an answer, as far as a description needs; empty where it breaks off. */
const textOf = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if ((length += chunk.length) > ANSWER_BYTES) return '';
      chunks.push(chunk);
    }
  } catch {
    return '';
  }
  return Buffer.concat(chunks).toString('utf8');
};
