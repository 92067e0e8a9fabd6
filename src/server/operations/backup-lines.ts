/** Reads a backup line by line; what is no backup, was cut or was changed is told apart by a sentence. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { parseJson } from '#shared/json.ts';
import { FORMAT, FORMAT_VERSION } from './backup.ts';
import type { BackupEnd, BackupHead } from './backup.ts';

/** What is wrong with the file or with where it is to go, in one sentence for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

const MAX_LINE = 8 * 1024 * 1024;

/** A row is given as its JSON text. */
export type BackupLine =
  | { readonly type: 'head'; readonly head: BackupHead }
  | { readonly type: 'table'; readonly name: string; readonly columns: readonly string[] }
  | { readonly type: 'row'; readonly row: string }
  | { readonly type: 'sequences'; readonly sequences: Readonly<Record<string, number>> }
  | { readonly type: 'end'; readonly end: BackupEnd };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isCounts = (value: unknown): value is Record<string, number> =>
  isRecord(value) && Object.values(value).every((each) => Number.isSafeInteger(each));

const parseHead = (head: unknown): BackupLine => {
  if (!isRecord(head) || head['format'] !== FORMAT) throw new Refusal('This file is no backup of a city.');
  if (head['version'] !== FORMAT_VERSION)
    throw new Refusal('This backup was made by a newer version of the city; update first.');
  if (!isText(head['schema']) || (head['keys'] !== undefined && !isRecord(head['keys'])))
    throw new Refusal('This file is damaged: its first line cannot be read.');
  return { type: 'head', head: head as unknown as BackupHead };
};

const damaged = (): never => {
  throw new Refusal('This file is damaged: it holds a line that cannot be read.');
};

const parseList = (text: string): BackupLine => {
  const parsed = parseJson(text);
  const list: readonly unknown[] = parsed.ok && Array.isArray(parsed.value) ? parsed.value : [];
  const [type, first, second] = list;
  if (type === 'backup') return parseHead(first);
  if (type === 'table' && isText(first) && Array.isArray(second) && second.every(isText))
    return { type, name: first, columns: second };
  if (type === 'sequences' && isCounts(first)) return { type, sequences: first };
  if (
    type === 'end' &&
    isRecord(first) &&
    isCounts(first['counts']) &&
    isText(first['root']) &&
    isText(first['digest'])
  )
    return { type, end: first as unknown as BackupEnd };
  return damaged();
};

async function* textLines(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const plain = createGunzip();
  file.on('error', (cause) => plain.destroy(cause));
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const bytes of file.pipe(plain)) {
    const lines = (rest + decoder.write(bytes as Buffer)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new Refusal('This file is damaged: it holds a line without an end.');
    yield* lines;
  }
  if (rest !== '') damaged();
}

/** Gives a reading failure words. */
const explain = (cause: unknown, path: string): Error => {
  if (cause instanceof Refusal) return cause;
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new Refusal(`There is no file ${path}.`);
  if (code === 'Z_BUF_ERROR') return new Refusal('This backup is cut: its end is missing.');
  if (code.startsWith('Z_')) return new Refusal('This file is no backup of a city, or it is damaged.');
  return new Refusal(`${path} cannot be read: ${(cause as Error).message}`);
};

/** The file's lines, the head first and the end last; throws `Refusal`. */
export async function* readBackup(path: string): AsyncGenerator<BackupLine> {
  const digest = createHash('sha256');
  let begun = false;
  let ended = false;
  try {
    for await (const text of textLines(path)) {
      if (ended) throw new Refusal('This file is damaged: something follows its end.');
      const line: BackupLine = text.startsWith('{') ? { type: 'row', row: text } : parseList(text);
      if (!begun && line.type !== 'head') throw new Refusal('This file is no backup of a city.');
      if (begun && line.type === 'head') damaged();
      begun = true;
      ended = line.type === 'end';
      if (line.type === 'end') {
        if (line.end.digest !== digest.digest('hex'))
          throw new Refusal('This backup was changed after it was made: its digest does not fit.');
      } else digest.update(`${text}\n`);
      yield line;
    }
  } catch (cause) {
    throw explain(cause, path);
  }
  if (!ended) throw new Refusal('This backup is cut: its end is missing.');
}
