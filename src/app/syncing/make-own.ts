/** What is the person's own on all their devices: lists, values, devices; and the city's door for names. Made once a page. */
import { OWN_LISTS } from '#client/lists/addresses.ts';
import { OwnLists } from '#client/lists/own-lists.ts';
import { NameDesk } from '#client/names/name-desk.ts';
import { OWN_DOCUMENTS, OwnValues } from '#client/own-values/own-values.ts';
import { DeviceBook } from '#features/devices/index.ts';
import { NameChecks, OwnPeople } from '#features/people/index.ts';
import type { Clock } from '#shared/time.ts';
import { nameOfDevice } from '../linking/device-name.ts';
import { noteRevoked, tellRevoked } from '../linking/revoked.ts';
import { signFor } from '../sending/uploads.svelte.ts';
import type { Services } from '../services.ts';
import { OwnSync } from './own-sync.ts';
import { appliedHere } from './sources.ts';

interface OwnPorts extends Pick<Services, 'session' | 'toasts'> {
  readonly clock: Clock;
  readonly memory: (name: string) => { read(): Promise<unknown>; write(value: unknown): Promise<void> };
  /** Runs the work while no other tab does the like. */
  readonly alone: (name: string, work: () => Promise<void>) => Promise<void>;
  /** Another device has revoked this one: everything goes. */
  readonly leave: () => void;
}

type Own = Pick<Services, 'lists' | 'nameDesk' | 'names' | 'ownValues' | 'ownPeople' | 'ownSync' | 'devices'>;

/** Makes them; nothing is asked or followed yet. */
export const makeOwn = ({ session, toasts, clock, memory, alone, leave }: OwnPorts): Own => {
  const nameDesk = new NameDesk({
    fetch: (...request) => fetch(...request),
    origin: location.origin,
    sign: signFor(session),
  });
  const names = new NameChecks({
    ownerOf: (address) => nameDesk.ownerOf(address),
    ...{ memory: memory('name checks'), clock },
  });
  const lists = new OwnLists({
    ...{ city: session, clock, lists: [...OWN_LISTS, ...OWN_DOCUMENTS] },
    signer: () => session.signerOf(session.account?.pubkey ?? ''),
  });
  const ownValues = new OwnValues({
    ...{ city: session, lists, clock, alone },
    also: (shelf, later) => appliedHere(shelf, later, clock.now()),
  });
  const devices = new DeviceBook({
    ...{ city: session, values: ownValues, clock, memory: memory('device') },
    name: nameOfDevice(navigator.userAgent),
    onrevoked: () => {
      noteRevoked(window, sessionStorage);
      leave();
    },
  });
  tellRevoked(sessionStorage, toasts);
  const ownSync = new OwnSync({ city: session, values: ownValues });
  const ownPeople = new OwnPeople(session, ownValues);
  return { lists, nameDesk, names, ownValues, ownPeople, ownSync, devices };
};
