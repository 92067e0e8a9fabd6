/** The native miner: built from mining-native.c where a compiler and the processor's SHA instructions are. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workParts } from '#client/mining/grid/work-parts.ts';
import { benchEvent, PLACE_BITS } from './mining-event.ts';

export interface NativeMiner {
  /** Its compiler's first line. */
  readonly version: string;
  /** Hashes a second of so many of it at once. */
  rate(ms: number, processes: number): Promise<number>;
  end(): void;
}

interface Tried {
  readonly hashes: number;
  readonly ms: number;
  readonly nonce: string;
  readonly hash: string;
}

const run = promisify(execFile);
const SOURCE = 'tests/bench/mining-native.c';
const FLAGS = ['-O3', '-msha', '-msse4.1'];
const BLOCK = 64;
const DIGITS = 16;

/** The event's bytes with a nonce whose last digits begin the last block. */
const message = () => {
  const { prefix, suffix } = workParts(benchEvent(0), PLACE_BITS);
  const filler = Buffer.alloc(BLOCK - (prefix.length % BLOCK), '0');
  const head = Buffer.concat([prefix, filler]);
  const tail = Buffer.concat([Buffer.alloc(DIGITS, '0'), suffix]);
  const block = Buffer.alloc(BLOCK);
  tail.copy(block);
  block[tail.length] = 0x80;
  block.writeBigUInt64BE(BigInt(head.length + tail.length) * 8n, BLOCK - 8);
  return { head, tail, block };
};

/** Its word is checked: the hash that it tells is SHA-256's, and as small as the least of so many should be. */
const check = ({ hashes, nonce, hash }: Tried): void => {
  const { head, tail } = message();
  tail.write(nonce, 0);
  const expected = createHash('sha256').update(head).update(tail).digest('hex');
  if (hash !== expected) throw new Error(`the native miner says ${hash}, SHA-256 says ${expected}`);
  const least = Number.parseInt(hash.slice(0, 8), 16);
  if (least > (2 ** 32 / hashes) * 30) throw new Error(`the native miner cannot have tried ${hashes} hashes`);
};

const hasInstructions = (): boolean =>
  existsSync('/proc/cpuinfo') && /\bsha_ni\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));

const compile = async (binary: string): Promise<string | undefined> => {
  for (const compiler of ['cc', 'gcc', 'clang']) {
    try {
      await run(compiler, [...FLAGS, '-o', binary, SOURCE]);
      const { stdout } = await run(compiler, ['--version']);
      return `${stdout.split('\n')[0]} ${FLAGS.join(' ')}`;
    } catch {
      // Not there, or not able to: the next one.
    }
  }
  return undefined;
};

/** The native miner, or why there is none. */
export const openNative = async (): Promise<NativeMiner | string> => {
  if (!hasInstructions()) return 'no SHA-NI here';
  const folder = mkdtempSync(join(tmpdir(), 'native-miner-'));
  const binary = join(folder, 'miner');
  const end = () => rmSync(folder, { recursive: true, force: true });
  const version = await compile(binary);
  if (version === undefined) {
    end();
    return 'no C compiler here';
  }
  const { head, block } = message();
  const arguments_ = [head.toString('hex'), block.toString('hex'), '0', String(DIGITS)];
  const rateOfOne = async (ms: number): Promise<number> => {
    const { stdout } = await run(binary, [...arguments_, String(ms)]);
    const tried = JSON.parse(stdout) as Tried;
    check(tried);
    return (tried.hashes / tried.ms) * 1000;
  };
  const rate = async (ms: number, processes: number): Promise<number> => {
    const rates = await Promise.all(Array.from({ length: processes }, () => rateOfOne(ms)));
    return rates.reduce((sum, each) => sum + each, 0);
  };
  return { version, rate, end };
};
