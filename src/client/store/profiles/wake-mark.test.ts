import { expect, test } from 'vitest';
import { MemoryRegister } from '../../../../tests/support/memory-register.ts';
import { makeProfile } from '../../profiles/make-profile.ts';
import { makeWakeTag, noteWakeTag, readWakeTag } from './wake-mark.ts';

const register = new MemoryRegister();
const added = () => makeProfile({ register, iterations: 1 }, 0);
const reread = async (id: string) => {
  const found = (await register.read()).profiles.find((record) => record.id === id);
  if (!found) throw new Error('gone');
  return found;
};

test('a name is kept, told, changed and taken away', async () => {
  const record = await added();
  expect(await readWakeTag(record)).toBeUndefined();
  const [first, second] = [makeWakeTag(), makeWakeTag()];
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(first).not.toBe(second);
  for (const tag of [first, second]) {
    await noteWakeTag(register, record, tag);
    expect(await readWakeTag(await reread(record.id))).toBe(tag);
  }
  await noteWakeTag(register, record, undefined);
  expect(await reread(record.id)).not.toHaveProperty('wake');
});

test('the disk does not show it, and another profile cannot read it', async () => {
  const [one, two] = [await added(), await added()];
  const tag = makeWakeTag();
  await noteWakeTag(register, one, tag);
  const { wake } = await reread(one.id);
  expect(Buffer.from(wake ?? []).toString('hex')).not.toContain(tag);
  expect(await readWakeTag({ ...two, ...(wake ? { wake } : {}) })).toBeUndefined();
});

test('what is damaged is no name', async () => {
  const record = await added();
  await noteWakeTag(register, record, 'nonsense');
  expect(await reread(record.id)).not.toHaveProperty('wake');
  expect(await readWakeTag({ ...record, wake: new Uint8Array(45) })).toBeUndefined();
});
