/** Addresses of sealed files: plain bytes for the page that offered them, out of this worker's memory. */
import { registerRoute } from 'workbox-routing';
import { waitFor } from '#client/media/loading/download.ts';
import { FileDesk } from '#client/media/streaming/file-desk.ts';
import { FILE_WANTED, fileOfPath } from '#client/media/streaming/offer.ts';

declare const self: ServiceWorkerGlobalScope;

const makeDesk = (): FileDesk =>
  new FileDesk({
    origin: self.location.origin,
    fetch: (input, init) => fetch(input, init),
    wait: waitFor,
    wanted: async (id) => {
      for (const page of await self.clients.matchAll({ type: 'window' }))
        page.postMessage({ type: FILE_WANTED, id });
    },
    alive: async (pages) => {
      const found = await Promise.all(pages.map((page) => self.clients.get(page)));
      return new Set(found.flatMap((page) => page?.id ?? []));
    },
  });

/** Serves them from now on; to be called while the worker's script runs first. */
export const serveFiles = (): void => {
  const desk = makeDesk();
  self.addEventListener('message', ({ data, source, ports }) => {
    if (!(source instanceof WindowClient)) return;
    desk.hear({ data, from: source.id, port: ports[0], answer: (message) => source.postMessage(message) });
  });
  registerRoute(
    ({ url, sameOrigin }) => sameOrigin && fileOfPath(url.pathname) !== undefined,
    ({ request, url, event }) =>
      desk.answer({
        id: fileOfPath(url.pathname) ?? '',
        from: (event as FetchEvent).clientId,
        isNavigation: request.mode === 'navigate',
        range: request.headers.get('range'),
      }),
  );
};
