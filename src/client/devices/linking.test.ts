import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import { expect, test, vi } from 'vitest';
import { helloMac, parseLinkCode } from '#protocol/devices/linking.ts';
import type { LinkCode, LinkMessage } from '#protocol/devices/linking.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { SecretCipher } from '../keys/secret-cipher.ts';
import type { OpenLinkRelay } from './link-line.ts';
import { ArrivingDevice, GivingDevice } from './linking.ts';
import type { LinkState } from './linking.ts';

const START = 1_800_000_000;

/** A relay that everybody can listen to and write to. */
const makeTown = () => {
  let now = START;
  const listeners = new Map<string, Set<(event: NostrEvent) => void>>();
  const sent: NostrEvent[] = [];
  const send = (event: NostrEvent): Promise<void> => {
    sent.push(event);
    const to = event.tags.find(([name]) => name === 'p')?.[1] ?? '';
    listeners.get(to)?.forEach((heard) => heard(event));
    return Promise.resolve();
  };
  const open: OpenLinkRelay = (pubkey, heard) => {
    listeners.set(pubkey, (listeners.get(pubkey) ?? new Set()).add(heard));
    return Promise.resolve({ send, close: () => listeners.get(pubkey)?.delete(heard) });
  };
  const clock = { now: () => now };
  const watched = () => {
    const states: LinkState[] = [];
    const ports = { open, clock, told: (state: LinkState) => void states.push(state) };
    return { states, ports, last: () => states.at(-1) };
  };
  const arriving = () => {
    const seen = watched();
    return { ...seen, side: new ArrivingDevice(seen.ports, 'Phone') };
  };
  const giving = () => {
    const seen = watched();
    return { ...seen, side: new GivingDevice(seen.ports) };
  };
  return { open, send, sent, arriving, giving, later: (seconds: number) => (now += seconds) };
};
type Town = ReturnType<typeof makeTown>;

const until = (check: () => void) => vi.waitFor(check, { timeout: 3_000, interval: 10 });
const codeOf = ({ states }: { states: LinkState[] }): string => {
  const shown = states.find((state) => state.at === 'waiting');
  return shown?.at === 'waiting' ? (shown.code ?? '') : '';
};
const digitsOf = ({ last }: { last: () => LinkState | undefined }): string => {
  const state = last();
  return state?.at === 'comparing' ? state.digits : '';
};
const paired = async (town: Town) => {
  const [phone, desk] = [town.arriving(), town.giving()];
  await phone.side.start();
  await desk.side.start(codeOf(phone));
  await until(() => expect([digitsOf(phone), digitsOf(desk)]).not.toContain(''));
  return { phone, desk };
};
/** Somebody who has seen the code, and is none of the two. */
const intruder = async (town: Town, text: string) => {
  const secret = generateSecretKey();
  const pubkey = getPublicKey(secret);
  const code = parseLinkCode(text, START);
  if (!code.ok) throw new Error('no code');
  const cipher = new SecretCipher(() => secret);
  const say = async (message: LinkMessage, to = code.value.host) => {
    const sealed = await cipher.encrypt(to, JSON.stringify(message));
    if (!sealed.ok) throw new Error('not sealed');
    const draft = { kind: 24136, content: sealed.value, tags: [['p', to]], created_at: START };
    await town.send(finalizeEvent(draft, secret));
  };
  const nonce = '77'.repeat(16);
  const hello = (of: LinkCode = code.value) => say({ t: 'hello', nonce, mac: helloMac(of, pubkey, nonce) });
  return { say, hello, code: code.value };
};

test('the key comes to the new device once the digits of its screen were typed on the old one', async () => {
  const town = makeTown();
  const { phone, desk } = await paired(town);
  expect(digitsOf(phone)).toBe(digitsOf(desk));
  expect(desk.last()).toMatchObject({ at: 'comparing', name: 'Phone' });
  const secret = generateSecretKey();
  await desk.side.give(`${digitsOf(phone).slice(0, 3)} ${digitsOf(phone).slice(3)}`, secret);
  await until(() => expect(desk.last()).toEqual({ at: 'done' }));
  expect(phone.last()).toEqual({ at: 'done', secret });
  const hex = Buffer.from(secret).toString('hex');
  expect(JSON.stringify(town.sent)).not.toContain(hex);
});

test('wrong digits: nothing is given, both end, and there is no second try', async () => {
  const town = makeTown();
  const { phone, desk } = await paired(town);
  const digits = digitsOf(phone);
  await desk.side.give(digits === '000000' ? '000001' : '000000', generateSecretKey());
  expect(desk.last()).toEqual({ at: 'ended', why: 'digits' });
  await until(() => expect(phone.last()).toEqual({ at: 'ended', why: 'stopped' }));
  await desk.side.give(digits, generateSecretKey());
  expect(phone.last()).toEqual({ at: 'ended', why: 'stopped' });
});

test('a third device that has seen the code and answers too ends it for all', async () => {
  const town = makeTown();
  const { phone, desk } = await paired(town);
  const eve = await intruder(town, codeOf(phone));
  await eve.hello();
  await until(() => expect(phone.last()).toEqual({ at: 'ended', why: 'crowd' }));
  await until(() => expect(desk.last()).toEqual({ at: 'ended', why: 'stopped' }));
});

test('a third device that answers first has other digits, and the true one gets none', async () => {
  const town = makeTown();
  const phone = town.arriving();
  await phone.side.start();
  const eve = await intruder(town, codeOf(phone));
  await eve.hello();
  await until(() => expect(digitsOf(phone)).toMatch(/^\d{6}$/));
  const desk = town.giving();
  await desk.side.start(codeOf(phone));
  await until(() => expect(phone.last()).toEqual({ at: 'ended', why: 'crowd' }));
  expect(digitsOf(desk)).toBe('');
  // A key from whoever it was comes too late.
  await eve.say({ t: 'key', key: 'ab'.repeat(32) });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(phone.last()).toEqual({ at: 'ended', why: 'crowd' });
});

test('who has not seen the code is not heard', async () => {
  const town = makeTown();
  const phone = town.arriving();
  await phone.side.start();
  const eve = await intruder(town, codeOf(phone));
  await eve.hello({ ...eve.code, secret: '00'.repeat(16) });
  await eve.say({ t: 'ready', nonce: '77'.repeat(16), name: 'x' });
  await eve.say({ t: 'key', key: 'ab'.repeat(32) });
  await eve.say({ t: 'stop' });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(phone.last()?.at).toBe('waiting');
  phone.side.stop();
});

test('a code counts once and for two minutes', async () => {
  const town = makeTown();
  const { phone, desk } = await paired(town);
  const replayed = town.sent.slice();
  const code = codeOf(phone);
  desk.side.stop();
  await until(() => expect(phone.last()).toEqual({ at: 'ended', why: 'stopped' }));
  // What was said then says nothing now, neither to the old ends nor to new ones.
  const again = town.giving();
  await again.side.start(code);
  for (const event of replayed) await town.send(event);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(again.last()).toEqual({ at: 'waiting' });
  again.side.stop();
  town.later(121);
  const late = town.giving();
  await late.side.start(code);
  expect(late.last()).toEqual({ at: 'ended', why: 'expired' });
  const odd = town.giving();
  await odd.side.start('nostr:npub1x');
  expect(odd.last()).toEqual({ at: 'ended', why: 'code' });
});

test('an answer after the time of a code is refused by the new device too', async () => {
  const town = makeTown();
  const phone = town.arriving();
  await phone.side.start();
  const eve = await intruder(town, codeOf(phone));
  town.later(121);
  await eve.hello();
  await until(() => expect(phone.last()).toEqual({ at: 'ended', why: 'expired' }));
});

test('without a connection it ends at once', async () => {
  const { arriving } = makeTown();
  const phone = arriving();
  const cut = new ArrivingDevice({ ...phone.ports, open: () => Promise.reject(new Error('offline')) }, '');
  await cut.start();
  expect(phone.last()).toEqual({ at: 'ended', why: 'offline' });
});
