/** The front with the engine's own face: what a page's worker serves. */
import type { EngineRemote } from '../remote.ts';
import type { EngineFront } from './front.ts';
import type { EngineMethod } from './switchboard.ts';

type Answered<Method extends EngineMethod> = Awaited<ReturnType<EngineRemote[Method]>>;

/** Every call goes to whoever leads. */
export const remoteOver = (front: EngineFront): EngineRemote => {
  const ask =
    <Method extends EngineMethod>(method: Method) =>
    async (...args: Parameters<EngineRemote[Method]>): Promise<Answered<Method>> =>
      (await front.call(method, args)) as Answered<Method>;
  /** Nobody waits for these; a page that closes meanwhile is no trouble. */
  const tell =
    <Method extends EngineMethod>(method: Method) =>
    (...args: Parameters<EngineRemote[Method]>): void =>
      void ask(method)(...args).catch((cause: unknown) => console.error('The engine refused', cause));
  return {
    open: (options, signal) => front.open(options, signal),
    close: () => front.close(),
    getMany: ask('getMany'),
    all: ask('all'),
    part: ask('part'),
    count: ask('count'),
    search: ask('search'),
    watch: tell('watch'),
    unwatch: tell('unwatch'),
    record: ask('record'),
    subscribe: tell('subscribe'),
    unsubscribe: tell('unsubscribe'),
    fetch: ask('fetch'),
    enqueue: ask('enqueue'),
    say: ask('say'),
    answerOf: ask('answerOf'),
    refused: ask('refused'),
    retry: ask('retry'),
    discard: ask('discard'),
    setAuthenticator: tell('setAuthenticator'),
    readMeta: ask('readMeta'),
    writeMeta: ask('writeMeta'),
    upkeep: ask('upkeep'),
    wipe: ask('wipe'),
  };
};
