import { bytesToHex } from '#shared/bytes.ts';
import { noAttempts } from '../store/seal/attempts.ts';
import { makeDeviceKey, makeLock } from '../store/seal/lockbox.ts';
import { makeDataKey } from '../store/seal/sealer.ts';
import type { ProfileRecord } from '../store/profiles/profile-record.ts';
import type { Bytes, KeeperPorts } from './ports.ts';
import { sealProof } from './proof.ts';
import { makeDecoy } from './unlocking.ts';

const ID_BYTES = 16;

/** Puts a profile into the register that only this browser opens, as a visitor has it. */
export const makeProfile = async (
  ports: Pick<KeeperPorts, 'register' | 'iterations'>,
  turn: number,
): Promise<ProfileRecord> => {
  const { record, dataKey } = await newProfile(ports, turn);
  dataKey.fill(0);
  await ports.register.add(record);
  return record;
};

/** A profile that is in no register yet, and the key of its store. */
export const newProfile = async (
  { iterations }: Pick<KeeperPorts, 'iterations'>,
  turn: number,
): Promise<{ readonly record: ProfileRecord; readonly dataKey: Bytes }> => {
  const id = bytesToHex(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
  const deviceKey = await makeDeviceKey();
  const dataKey = makeDataKey();
  const record: ProfileRecord = {
    v: 1,
    id,
    turn,
    deviceKey,
    locks: [await makeLock(dataKey, { kind: 'device', key: deviceKey }, id)],
    duress: makeDecoy(iterations),
    proof: await sealProof({ hasDuress: false }, dataKey, id),
    attempts: noAttempts,
    isStaying: true,
    autoLock: 0,
    hasPanicKey: false,
  };
  return { record, dataKey };
};

/** A turn after everybody's: the profile used last is the next one to open. */
const nextTurn = async ({ register }: KeeperPorts): Promise<number> =>
  ((await register.read()).profiles[0]?.turn ?? 0) + 1;

/** Makes a profile the next one; false when there is none such. */
export const chooseProfile = async (ports: KeeperPorts, id: string): Promise<boolean> => {
  const turn = await nextTurn(ports);
  return (await ports.register.change(id, (record) => [{ ...record, turn }, true])) ?? false;
};

/** Makes a new, empty profile the next one; its id. */
export const addProfile = async (ports: KeeperPorts): Promise<string> =>
  (await makeProfile(ports, await nextTurn(ports))).id;
