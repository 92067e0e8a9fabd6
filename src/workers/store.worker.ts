/** The engine's worker: store, relays and outbox over every feature's projection, in the one tab that leads. */
import * as Comlink from 'comlink';
import { projections } from '#app/projections.ts';
import { browserLocks, browserOutboxNews, browserRelayPorts } from '#client/engine/browser-ports.ts';
import { EngineHost } from '#client/engine/host.ts';
import { followedPlaces } from '#features/groups/projection.ts';
import { EngineFront } from '#client/engine/tabs/front.ts';
import { remoteOver } from '#client/engine/tabs/front-remote.ts';
import { verifyHere, verifyIn } from '#client/engine/verify-batch.ts';
import { createVerifier } from '#client/engine/verifying.ts';
import { openAwaited } from '#client/media/outgoing/open-outgoing.ts';
import { channelLine } from '#client/rpc/channel-line.ts';
import { movedVaultRecord } from '#client/keys/vault/plain-record.ts';
import { DexieRegister } from '#client/store/profiles/profile-register.ts';
import { loadZstd } from '#client/store/seal/zstd.ts';
import { storeBuild } from '#client/store/opening/store-build.ts';

const here = verifyHere(createVerifier());
const makeVerifyWorker = () =>
  new Worker(new URL('./verify.worker.ts', import.meta.url), { type: 'module', name: 'verify' });
/** Where a worker cannot start another one, signatures are checked here. */
const verify = typeof Worker === 'undefined' ? here : verifyIn(makeVerifyWorker(), here);

const front = new EngineFront({
  makeEngine: () =>
    new EngineHost(projections, {
      relays: browserRelayPorts,
      locks: browserLocks,
      outboxNews: browserOutboxNews,
      uploads: (keys) => openAwaited(keys, browserLocks),
      verify,
      compressor: loadZstd,
      register: new DexieRegister(),
      followed: followedPlaces,
      earlier: {
        database: 'city default',
        meta: async (name, value) => (name === 'vault' ? movedVaultRecord(value) : value),
      },
    }),
  line: channelLine,
  locks: browserLocks,
  address: crypto.randomUUID(),
  build: storeBuild(projections),
});
Comlink.expose(remoteOver(front));
