/** Loading files: downloads, hashes, unsealing and what is kept of them, off the page. */
import * as Comlink from 'comlink';
import { browserLoadingPorts } from '#client/media/loading/browser-ports.ts';
import { LoadingHost } from '#client/media/loading/host.ts';
import { proxiedByCity } from '#client/media/loading/proxied.ts';

Comlink.expose(new LoadingHost(browserLoadingPorts(proxiedByCity(fetch))));
