/** Blobs in any store that speaks S3. Large ones go up in parts; a name appears when its last part has come. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { placeOfBlob } from './blob-store.ts';
import type { BlobStore, StoreFailure } from './blob-store.ts';
import type { S3Address } from './s3-address.ts';

const PART_BYTES = 16 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
const CONNECT_MS = 3000;
/** Without a word for so long it is away. */
const SILENT_MS = 20_000;
const TRIES = 2;

const away = (cause: unknown): Result<never, StoreFailure> =>
  fail('away', 'the place where files lie does not answer; try again later', cause);

const isMissing = (cause: unknown): boolean => {
  const { name, $metadata } = cause as Partial<S3ServiceException>;
  return name === 'NoSuchKey' || name === 'NotFound' || $metadata?.httpStatusCode === 404;
};

type Sdk = typeof import('@aws-sdk/client-s3');

const connect = (sdk: Sdk, { endpoint, region, key, secret, pathStyle }: S3Address): S3Client =>
  new sdk.S3Client({
    endpoint,
    region,
    credentials: { accessKeyId: key, secretAccessKey: secret },
    forcePathStyle: pathStyle,
    maxAttempts: TRIES,
    // Stores that are not Amazon's often know no trailing checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENT_MS },
  });

/** Opens the store; the SDK is loaded here, so a city without S3 never loads it. Nothing is asked of the store yet. */
export const openS3Store = async (address: S3Address): Promise<BlobStore> => {
  const [sdk, { Upload }] = await Promise.all([import('@aws-sdk/client-s3'), import('@aws-sdk/lib-storage')]);
  const client = connect(sdk, address);
  const at = (hash: string) => ({ Bucket: address.bucket, Key: address.prefix + placeOfBlob(hash) });
  return {
    put: async (hash, file) => {
      const { size } = await stat(file);
      try {
        const body = size === 0 ? new Uint8Array() : createReadStream(file, { highWaterMark: 1 << 20 });
        const params = { ...at(hash), Body: body, ContentLength: size };
        await new Upload({ client, params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE }).done();
        return ok(true);
      } catch (cause) {
        return away(cause);
      }
    },
    has: async (hash) => {
      try {
        await client.send(new sdk.HeadObjectCommand(at(hash)));
        return ok(true);
      } catch (cause) {
        return isMissing(cause) ? ok(false) : away(cause);
      }
    },
    open: async (hash, range) => {
      try {
        const found = await client.send(
          new sdk.GetObjectCommand({
            ...at(hash),
            ...(range ? { Range: `bytes=${range.start}-${range.end}` } : {}),
          }),
        );
        return ok(found.Body as Readable);
      } catch (cause) {
        if (isMissing(cause)) return fail('missing', 'the file is not where it should be');
        return fail('away', 'the place where files lie does not answer; try again later', cause);
      }
    },
    remove: async (hash) => {
      try {
        await client.send(new sdk.DeleteObjectCommand(at(hash)));
        return ok(true);
      } catch (cause) {
        return isMissing(cause) ? ok(true) : away(cause);
      }
    },
    close: () => client.destroy(),
  };
};
