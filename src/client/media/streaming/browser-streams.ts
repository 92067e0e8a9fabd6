/** What a page has of its service worker. */
import { waitFor } from '../loading/download.ts';
import { FileStreams } from './file-streams.ts';
import type { StreamPorts } from './file-streams.ts';

const container = (): ServiceWorkerContainer | undefined =>
  'serviceWorker' in navigator ? navigator.serviceWorker : undefined;

const listen: StreamPorts['listen'] = (hear) => {
  const onmessage = ({ data }: MessageEvent): void => hear(data);
  container()?.addEventListener('message', onmessage);
  return () => container()?.removeEventListener('message', onmessage);
};

/** Addresses of files in this page. */
export const browserStreams = (): FileStreams => {
  const streams = new FileStreams({
    origin: location.origin,
    worker: () => {
      const worker = container()?.controller;
      return worker
        ? { postMessage: (message, transfer = []) => worker.postMessage(message, transfer) }
        : undefined;
    },
    listen,
    wait: waitFor,
    every: (milliseconds, call) => {
      const timer = setInterval(call, milliseconds);
      return () => clearInterval(timer);
    },
  });
  addEventListener('pagehide', ({ persisted }) => {
    if (!persisted) streams.closeAll();
  });
  return streams;
};
