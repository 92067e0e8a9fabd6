/** A client that knows nothing of this project, NDK, in the same place as the app. */
import { fetchRelayInformation, NDKKind, NDKSimpleGroupMemberList, NDKUser } from '@nostr-dev-kit/ndk';
import type { NDKEvent } from '@nostr-dev-kit/ndk';
import { expect, test } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { NdkGuest } from './ndk-client.ts';
import { actOn, arrive, lineOf, say } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace } from './settling.ts';

test.describe.configure({ mode: 'serial' });

const PLACE = 'Tram Depot';
let city: CityProcess;
let ada: Person;
let noor: NdkGuest;
let id: string;

/** What is said in a place, as it comes, and how the relay refuses to tell. */
const listen = (guest: NdkGuest, group: string, kinds: number[] = [NDKKind.Text]) => {
  const lines: NDKEvent[] = [];
  const refusals: string[] = [];
  const subscription = guest.ndk.subscribe(
    { kinds, '#h': [group] },
    { closeOnEose: false, relaySet: guest.relaySet },
    { onEvent: (event) => lines.push(event) },
  );
  subscription.on('closed', (_relay, words) => refusals.push(words));
  return { lines, refusals };
};

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  noor = await NdkGuest.arrive(city.relay);
});

test.afterAll(async () => {
  noor?.leave();
  await ada?.context.close();
  await city?.stop();
});

test('reads a place that was made in the app', async () => {
  await joinCity(ada);
  id = await makePlace(ada, {
    name: PLACE,
    about: 'Old trams, new tea.',
    access: /Members write, anyone may join/,
  });
  const group = noor.group(id);
  const metadata = await group.getMetadata();
  expect([group.name, group.about, metadata.dTag]).toEqual([PLACE, 'Old trams, new tea.', id]);
  expect(metadata.tagValue('g')).toMatch(/^[0-9b-hjkmnp-z]{1,6}$/);
  expect(metadata.hasTag('restricted')).toBe(true);
  expect(metadata.hasTag('private')).toBe(false);
  expect(metadata.verifySignature(false)).toBe(true);
  const information = await fetchRelayInformation(city.relay);
  expect((information as { self?: string }).self).toBe(metadata.pubkey);
});

test('reads who is in it, and who is its admin', async () => {
  const [maker] = await noor.group(id).getMembers();
  const list = await noor.group(id).getMemberListEvent();
  expect(list).toBeInstanceOf(NDKSimpleGroupMemberList);
  expect((list as NDKSimpleGroupMemberList).members).toEqual([maker?.pubkey]);
  const [admins] = await noor.read({ kinds: [NDKKind.GroupAdmins], '#d': [id] });
  expect(admins?.getMatchingTags('p')).toEqual([['p', maker?.pubkey, 'admin']]);
  const profile = new NDKUser({ pubkey: maker?.pubkey ?? '' });
  profile.ndk = noor.ndk;
  await expect.poll(async () => (await profile.fetchProfile())?.name).toBe('Ada Lind');
});

test('may not write before joining, and is told why', async () => {
  const refusal = await noor.write(NDKKind.Text, id, 'over the fence').then(
    () => undefined,
    (error: unknown) => error as { errors: Map<unknown, Error> },
  );
  expect([...(refusal?.errors.values() ?? [])].map(({ message }) => message).join()).toMatch(
    /restricted: only members write/,
  );
  await expect(lineOf(ada.page, 'over the fence')).toHaveCount(0);
});

test('joins, and the open page shows the new face', async () => {
  await noor.introduce('Noor Haddad', 4);
  expect((await noor.group(id).requestToJoin(noor.pubkey)).size).toBe(1);
  const list = await noor.group(id).getMemberListEvent();
  expect((list as NDKSimpleGroupMemberList).hasMember(noor.pubkey)).toBe(true);
  await ada.page.getByRole('tab', { name: /People/ }).click();
  await expect(ada.page.getByRole('button', { name: 'Noor Haddad', exact: true })).toBeVisible();
  await ada.page.getByRole('tab', { name: 'Talk' }).click();
});

test('writes lines of either kind, and the open page shows them', async () => {
  for (const [kind, text] of [
    [NDKKind.Text, 'The 14 leaves at noon'],
    [NDKKind.GroupChat, 'and the 15 at one'],
  ] as const) {
    await noor.write(kind, id, text);
    await expect(lineOf(ada.page, text)).toBeVisible();
    await expect(lineOf(ada.page, text)).toContainText('Noor Haddad');
  }
});

test('reads at once what is written in the app', async () => {
  const { lines: heard } = listen(noor, id);
  await say(ada, 'I will be on the 14');
  await expect.poll(() => heard.map(({ content }) => content)).toContain('I will be on the 14');
  const line = heard.find(({ content }) => content === 'I will be on the 14');
  expect(line?.tagValue('h')).toBe(id);
  expect(line?.verifySignature(false)).toBe(true);
  const [maker] = await noor.group(id).getMembers();
  expect(line?.pubkey).toBe(maker?.pubkey);
});

test('answers and reacts to a line of the app', async () => {
  const [line] = (await noor.read({ kinds: [NDKKind.Text], '#h': [id] })).filter(
    ({ content }) => content === 'I will be on the 14',
  );
  const answer = line?.reply();
  if (!answer) throw new Error('the line is not stored');
  answer.content = 'Second carriage';
  await answer.publish(noor.relaySet);
  await expect(lineOf(ada.page, 'Second carriage')).toContainText('I will be on the 14');
  await line?.react('🚋');
  const shown = ada.page.locator(`article[data-line="${line?.id}"]`);
  await expect(shown.getByRole('button', { name: '🚋, 1: Noor Haddad' })).toBeVisible();
});

test('hears the answers, reactions and deletions of the app', async () => {
  const { lines: heard } = listen(noor, id, [NDKKind.Text, NDKKind.Reaction, NDKKind.EventDeletion]);
  const [theirs] = (await noor.read({ kinds: [NDKKind.Text], authors: [noor.pubkey], '#h': [id] })).filter(
    ({ content }) => content === 'The 14 leaves at noon',
  );
  const shown = lineOf(ada.page, 'The 14 leaves at noon').first();
  await shown.hover();
  await shown.getByRole('button', { name: 'React', exact: true }).click();
  await ada.page.getByRole('button', { name: /React with 👍/ }).click();
  const tagsOf = (kind: number) =>
    heard.find((event) => event.kind === kind && event.pubkey !== noor.pubkey)?.tags ?? [];
  await expect.poll(() => tagsOf(NDKKind.Reaction).find(([name]) => name === 'e')?.[1]).toBe(theirs?.id);

  await say(ada, 'written by mistake');
  await expect.poll(() => heard.some(({ content }) => content === 'written by mistake')).toBe(true);
  const mistake = heard.find(({ content }) => content === 'written by mistake');
  await actOn(ada, 'written by mistake', 'Delete for everyone');
  await expect
    .poll(() => tagsOf(NDKKind.EventDeletion).find(([name]) => name === 'e')?.[1])
    .toBe(mistake?.id);
  expect(await noor.read({ ids: [mistake?.id ?? ''] })).toEqual([]);
});

test('takes a line of its own back, and it leaves the open page', async () => {
  const line = await noor.write(NDKKind.Text, id, 'wrong depot, sorry');
  await expect(lineOf(ada.page, 'wrong depot, sorry')).toBeVisible();
  await line.delete();
  await expect(lineOf(ada.page, 'wrong depot, sorry')).toHaveCount(0);
});

test('reads a private place only once it was let in', async () => {
  const secret = await makePlace(ada, {
    name: 'Night Shift',
    access: /Private: members only/,
    at: { x: 760, y: 300 },
  });
  await say(ada, 'the keys are under the mat');
  await expect
    .poll(() =>
      noor
        .group(secret)
        .getMetadata()
        .then(({ name }) => name),
    )
    .toBe('Night Shift');
  const outside = listen(noor, secret);
  await expect.poll(() => outside.refusals.join()).toMatch(/^restricted: only members read this place/);
  expect(outside.lines).toEqual([]);
  await noor
    .group(secret)
    .requestToJoin(noor.pubkey)
    .catch(() => undefined); // answered `false`: it waits
  await ada.page.getByRole('tab', { name: /People/ }).click();
  await ada.page.getByRole('button', { name: 'Let in' }).click();
  await expect
    .poll(async () => (await noor.group(secret).getMembers()).map(({ pubkey }) => pubkey))
    .toContain(noor.pubkey);
  const inside = listen(noor, secret);
  await expect.poll(() => inside.lines.map(({ content }) => content)).toEqual(['the keys are under the mat']);
});

test('nothing was thrown along the way', () => {
  expect(ada.faults).toEqual([]);
});
