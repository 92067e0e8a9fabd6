/** Files on their way as the shell knows them: the door for features, and rows for the tray. */
import { fail } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { Account } from '#client/city/city.ts';
import type { Signer } from '#client/keys/signer.ts';
import { DeskClient } from '#client/media/desk/desk-client.ts';
import type { DeskClientPorts } from '#client/media/desk/desk-client.ts';
import type { MediaDesk, UploadRow } from '#client/media/media.ts';
import { hasOutgoing } from '#client/store/blobs/opfs-directory.ts';
import { m } from '#messages/paraglide/messages.js';
import type { TrayTask } from '#ui/sheets/task-tray.ts';

interface Person {
  readonly account: Account | undefined;
  readonly clock: Clock;
  signerOf(pubkey: string): Signer | undefined;
}

/** Signs for whoever is signed in. */
export const signFor =
  (session: Person): DeskClientPorts['sign'] =>
  async (draft) => {
    const signer = session.account && session.signerOf(session.account.pubkey);
    if (!signer) return fail('no-account', 'Your account is not open on this device.');
    const signed = await signer.sign({ ...draft, created_at: session.clock.now() });
    return signed.ok ? signed : fail('refused', signed.error.message);
  };

/** Opens the door for a page; what an earlier visit left goes on by itself. Returns it with the way to let go. */
export const openUploads = (
  session: Person,
  ports: Pick<DeskClientPorts, 'start' | 'keys' | 'server'>,
): { readonly desk: MediaDesk; readonly uploads: Uploads; close(): void } => {
  const person = () => session.account?.pubkey;
  const desk = new DeskClient({ ...ports, sign: signFor(session), person });
  const letGo = $effect.root(() => {
    $effect(() => {
      if (session.account && !session.account.locked) desk.signedIn();
    });
  });
  hasOutgoing(ports.keys.profile)
    .then((is) => (is ? desk.resumeAll() : undefined))
    .catch((cause: unknown) => console.error('What waits to be sent could not be looked at', cause));
  const close = (): void => {
    letGo();
    desk.close();
  };
  return { desk, uploads: new Uploads(desk), close };
};

type Hands = Pick<MediaDesk, 'cancel' | 'retry' | 'pause' | 'resume' | 'watchUploads'>;

export class Uploads {
  rows = $state.raw<readonly UploadRow[]>([]);
  readonly #desk: Hands;

  constructor(desk: Hands) {
    this.#desk = desk;
    desk.watchUploads((rows) => (this.rows = rows));
  }

  /** What the tray lists; stored files are not long work any more. */
  get tasks(): TrayTask[] {
    return this.rows.flatMap((row) => (row.state === 'stored' ? [] : this.#task(row)));
  }

  #task({ hash, name, size, sent, state, reason }: UploadRow): TrayTask {
    const desk = this.#desk;
    const isUnderWay = state === 'sending' || state === 'waiting';
    return {
      id: `upload ${hash}`,
      title: m.media_send_task({ name }),
      state: isUnderWay ? 'running' : state === 'failed' ? 'failed' : 'paused',
      detail: reason,
      progress: size > 0 ? sent / size : undefined,
      onpause: isUnderWay ? () => void desk.pause(hash) : undefined,
      onresume: state === 'paused' ? () => void desk.resume(hash) : undefined,
      onretry: state === 'failed' ? () => void desk.retry(hash) : undefined,
      oncancel: () => void desk.cancel(hash),
    };
  }
}
