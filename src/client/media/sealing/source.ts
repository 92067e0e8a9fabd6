/** Reading a person's file while they still have it in their hands. */

type Bytes = Uint8Array<ArrayBuffer>;

/** The file is not what it was when it was chosen, or not there any more. */
export class ChangedFile extends Error {}

const CHANGED = 'The file changed while it was read. Choose it again.';

/** Bytes of a file; throws `ChangedFile` where they cannot be had as they were. */
export const readSource = async (body: Blob, from: number, to: number): Promise<Bytes> => {
  let bytes: Bytes;
  try {
    bytes = new Uint8Array(await body.slice(from, to).arrayBuffer());
  } catch (cause) {
    throw new ChangedFile(CHANGED, { cause });
  }
  if (bytes.length !== to - from) throw new ChangedFile(CHANGED);
  return bytes;
};
