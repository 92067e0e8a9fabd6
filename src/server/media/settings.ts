/** What the operator decides about files. */
import type { Quotas } from './book/quota.ts';
import type { S3Address } from './storing/s3-address.ts';

/** Bytes that one key may keep. */
export const MEDIA_QUOTA_DEFAULT = 5_000_000_000;
/** Bytes of other servers' pictures, and of small pictures, kept on the disk. */
export const PROXY_CACHE_DEFAULT = 1_000_000_000;

export interface MediaSettings {
  readonly quotas: Quotas;
  /** Undefined: files lie in DATA_DIR/blobs. */
  readonly s3?: S3Address;
}
