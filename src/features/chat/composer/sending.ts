/** Sending what stands in a field, so that no word is lost whatever happens to it. */

interface WordsField<Words> {
  /** Empties the field, so that the next line can be begun at once. */
  take(): Words;
  /** True while nothing else was begun. */
  isEmpty(): boolean;
  putBack(words: Words): void;
}

/** What was not sent comes back, also when sending breaks; unless somebody writes something else already. */
export const sendFrom = async <Words>(
  field: WordsField<Words>,
  send: (words: Words) => Promise<boolean>,
): Promise<void> => {
  const words = field.take();
  let isSent = false;
  try {
    isSent = await send(words);
  } finally {
    if (!isSent && field.isEmpty()) field.putBack(words);
  }
};
