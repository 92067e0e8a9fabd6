/** nostr-tools' nip59 in a page, over wraps like those that the app opened. */
import { unwrapEvent, wrapEvent } from 'nostr-tools/nip59';
import { generateSecretKey, getPublicKey } from 'nostr-tools/pure';

/** Seconds that opening this many wraps from one person takes. */
const open = (count: number): number => {
  const [mine, theirs] = [generateSecretKey(), generateSecretKey()];
  const to = getPublicKey(mine);
  const some = Array.from({ length: 20 }, (_, n) =>
    wrapEvent({ kind: 14, content: `line ${n}`, tags: [['p', to]] }, theirs, to),
  );
  const began = performance.now();
  for (let n = 0; n < count; n++) {
    const wrap = some[n % some.length];
    if (wrap) unwrapEvent(wrap, mine);
  }
  return (performance.now() - began) / 1000;
};

Object.assign(globalThis, { benchNip59: open });
