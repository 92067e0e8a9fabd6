/** A plain client of the city's doors of files, and bytes to send. */
import { createHash, randomBytes } from 'node:crypto';
import { encodeBlobAuth, makeBlobAuth } from '#protocol/media/blossom.ts';
import type { BlobDescriptor, BlobVerb } from '#protocol/media/blossom.ts';
import type { Person } from './client.ts';

/** SHA-256 as hex. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const now = (): number => Math.floor(Date.now() / 1000);

export interface Token {
  readonly hashes?: readonly string[];
  readonly servers?: readonly string[];
  readonly expiration?: number;
}

/** The header of a signed token. */
export const tokenOf = (
  person: Person,
  verb: BlobVerb,
  { hashes = [], servers = [], expiration = now() + 300 }: Token = {},
): string =>
  encodeBlobAuth(person.sign(makeBlobAuth({ verb, reason: 'a file', hashes, servers, expiration })));

/** A picture by its first bytes, different every time. */
export const makePicture = (size = 2000): Buffer => {
  const body = randomBytes(Math.max(size, 200));
  const head = '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489000000ff49444154';
  Buffer.from(head, 'hex').copy(body);
  return body;
};

/** What a sealed file looks like: noise. */
export const makeNoise = (size = 4096): Buffer => randomBytes(size);

type Headers = Readonly<Record<string, string>>;

/** PUT of a whole file with its own token. */
export const putFile = (
  url: string,
  person: Person,
  bytes: Buffer,
  { path = '/upload', headers = {} }: { path?: string; headers?: Headers } = {},
): Promise<Response> =>
  fetch(new URL(path, url), {
    method: 'PUT',
    body: new Uint8Array(bytes),
    headers: {
      authorization: tokenOf(person, path === '/media' ? 'media' : 'upload', { hashes: [sha256(bytes)] }),
      'content-type': 'image/png',
      ...headers,
    },
  });

/** DELETE of a file by its hash. */
export const deleteFile = (url: string, person: Person, hash: string, query = ''): Promise<Response> =>
  fetch(new URL(`/${hash}${query}`, url), {
    method: 'DELETE',
    headers: { authorization: tokenOf(person, 'delete', { hashes: [hash] }) },
  });

/** The list of a key, asked by a person. */
export const listFiles = (
  url: string,
  person: Person,
  pubkey = person.pubkey,
  query = '',
): Promise<Response> =>
  fetch(new URL(`/list/${pubkey}${query}`, url), { headers: { authorization: tokenOf(person, 'list') } });

/** An answer's description. */
export const descriptorOf = async (response: Response): Promise<BlobDescriptor> =>
  (await response.json()) as BlobDescriptor;

/** The code of a refusal. */
export const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { error: string }).error;
