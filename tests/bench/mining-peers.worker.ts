/** Other people's miners in a browser's worker. */
import { minePowRate, notemineRate, openNotemine } from './mining-peers.ts';

export type PeerName = 'minePow' | 'notemine';
export interface PeerOrder {
  readonly peer: PeerName;
  readonly ms: number;
}

const rates = { minePow: minePowRate, notemine: notemineRate };
const opened = fetch('/notemine.wasm')
  .then((answer) => answer.arrayBuffer())
  .then(openNotemine);

addEventListener('message', ({ data }: MessageEvent<PeerOrder>) => {
  void opened.then(() => postMessage(rates[data.peer](data.ms)));
});
