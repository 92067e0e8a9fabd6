/** What opens one profile's store. */
export interface ProfileKeys {
  /** The profile's id: 32 hex digits by chance, part of its database's name. */
  readonly profile: string;
  /** 32 bytes; everything in the log and its rows is sealed under keys derived from it. */
  readonly dataKey: Uint8Array<ArrayBuffer>;
  /** This browser's own AES-GCM key, not extractable: for what has to go out while the profile is locked. */
  readonly deviceKey: CryptoKey;
}
