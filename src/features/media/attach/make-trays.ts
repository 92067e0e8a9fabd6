/** Trays with the machine's own parts: a worker that prepares, the desk that sends. */
import { uploadsOf } from '#client/media/media.ts';
import type { MediaDesk } from '#client/media/media.ts';
import type { PreparingPort } from '../prepare/messages.ts';
import { Preparer } from '../prepare/preparer.ts';
import type { Audience } from '../prepare/prepared.ts';
import type { TrayPorts } from './tray.svelte.ts';
import { Trays } from './trays.ts';

interface TrayParts {
  /** Starts the worker that prepares; called when the first file comes. */
  readonly spawn: () => PreparingPort;
  readonly desk: Pick<MediaDesk, 'offer' | 'cancel'>;
  readonly audience?: Audience;
}

const preparing = (spawn: () => PreparingPort): TrayPorts['prepare'] => {
  const preparer = new Preparer(spawn);
  return async (file, name, wishes) => {
    const outcome = await preparer.prepare(file, name, wishes);
    if (!outcome.ok || outcome.value.note !== 'pdf') return outcome;
    const { withFirstPage } = await import('../prepare/pdf.ts');
    return withFirstPage(outcome, wishes.signal);
  };
};

/** One for every conversation of the page; `open`: for everybody to read, unless `audience` says otherwise. */
export const makeTrays = ({ spawn, desk, audience }: TrayParts): Trays =>
  new Trays(
    {
      prepare: preparing(spawn),
      offer: (file) => desk.offer(file),
      withdraw: (file) => uploadsOf([file]).forEach((hash) => void desk.cancel(hash)),
      previews: {
        make: (picture) => URL.createObjectURL(picture),
        drop: (address) => URL.revokeObjectURL(address),
      },
    },
    audience,
  );
