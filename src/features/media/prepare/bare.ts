/** Pictures without what they tell besides what is to be seen. */
import { pictureReaders } from './format.ts';

/** The same pixels and nothing else; undefined where that is not known to work for such a file. */
export const bare = (bytes: Uint8Array<ArrayBuffer>, type: string): Blob | undefined => {
  const reader = Object.values(pictureReaders).find((each) => each.type === type);
  const pieces = reader?.strip?.(bytes);
  return pieces && new Blob([...pieces], { type });
};

/** The same of a picture that was drawn here: browsers put a colour profile of their own into it. */
export const bareDrawn = async (drawn: Blob): Promise<Blob | undefined> =>
  bare(new Uint8Array(await drawn.arrayBuffer()), drawn.type);
