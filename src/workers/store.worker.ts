/** The engine's worker: store, relays and outbox over every feature's projection. */
import * as Comlink from 'comlink';
import { projections } from '#app/projections.ts';
import { browserLocks, browserRelayPorts } from '#client/engine/browser-ports.ts';
import { EngineHost } from '#client/engine/host.ts';
import { createVerifier } from '#client/engine/verifying.ts';

Comlink.expose(
  new EngineHost(projections, {
    relays: browserRelayPorts,
    locks: browserLocks,
    verifier: createVerifier(),
  }),
);
