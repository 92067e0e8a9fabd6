/** A promise with its handle. */
export interface AwaitedEnd<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** What `Promise.withResolvers` makes, for browsers and Node versions that lack it. */
export const awaitEnd = <T>(): AwaitedEnd<T> => {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
};
