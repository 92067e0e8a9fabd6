/**
 * Why the store refuses to write. `superseded`: another tab runs a newer app over this data, and this one must be
 * reloaded. `closed`: the store was closed or wiped meanwhile.
 */
export class StoreError extends Error {
  readonly code: 'superseded' | 'closed';

  constructor(code: StoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
