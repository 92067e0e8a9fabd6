import { beforeEach, expect, test } from 'vitest';
import type { AskFailure, AskOptions, SeenPage } from '#client/media/previews/ask-preview.ts';
import type { PreparedFile } from '#client/media/media.ts';
import type { Attachment } from '#protocol/media/attachments.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { LinkCard } from './link-card.svelte.ts';
import type { LinkCardPorts } from './link-card.svelte.ts';

const URL_A = 'https://a.example/x';
const picture: PreparedFile = { body: new Blob(['x']), type: 'image/webp', name: 'preview.webp' };
const hung: Attachment = { url: 'https://city.example/p.webp', type: 'image/webp', hash: 'a'.repeat(64) };

/** A city that answers when the test says so. */
class Hands implements LinkCardPorts {
  readonly asked: (AskOptions & { url: string })[] = [];
  readonly withdrawn: Attachment[] = [];
  answers: ((answer: Result<SeenPage, AskFailure>) => void)[] = [];
  waiting: (() => void)[] = [];
  on = true;
  isPrivate = false;
  kept: Result<Attachment, Failure<string>> = ok(hung);

  ask = (url: string, options: AskOptions) => {
    this.asked.push({ url, ...options });
    return new Promise<Result<SeenPage, AskFailure>>((answer) => this.answers.push(answer));
  };
  offer = () => Promise.resolve(this.kept);
  withdraw = (file: Attachment) => void this.withdrawn.push(file);
  isOn = () => this.on;
  after = (_ms: number, done: () => void) => {
    this.waiting.push(done);
    return () => void (this.waiting = this.waiting.filter((one) => one !== done));
  };

  still(): void {
    this.waiting.splice(0).forEach((done) => done());
  }
  async answer(answer: Result<SeenPage, AskFailure>): Promise<void> {
    this.answers.shift()?.(answer);
    await new Promise((done) => setTimeout(done));
  }
}

const page = (url = URL_A): Result<SeenPage, AskFailure> => ok({ url, title: 'Tides', picture });
let hands: Hands;
let card: LinkCard;
beforeEach(() => {
  hands = new Hands();
  card = new LinkCard(hands);
});

test('an address is looked at once somebody has stopped writing, and goes along', async () => {
  card.look('see https://a.ex');
  card.look(`see ${URL_A}`);
  expect(hands.asked).toEqual([]);
  hands.still();
  expect(card.state).toBe('asking');
  expect(hands.asked).toMatchObject([{ url: URL_A, picture: true }]);
  await hands.answer(page());
  expect(card.state).toBe('ready');
  expect(await card.take(`see ${URL_A}`)).toEqual([{ url: URL_A, title: 'Tides', picture: hung }]);
});

test('a line does not wait for a page, and takes no card of another address', async () => {
  card.look(URL_A);
  hands.still();
  expect(await card.take(URL_A)).toEqual([]);
  await hands.answer(page());
  expect(await card.take('https://b.example')).toEqual([]);
});

test('who writes on is not shown an older answer', async () => {
  card.look(URL_A);
  hands.still();
  card.look('https://b.example');
  expect(hands.asked[0]?.signal.aborted).toBe(true);
  await hands.answer(page());
  expect(card.state).toBe('none');
  card.look('');
  hands.still();
  expect(hands.asked).toHaveLength(1);
});

test('taken away, it stays away for this line and comes again in the next', async () => {
  card.look(URL_A);
  hands.still();
  await hands.answer(page());
  card.dismiss();
  expect(card.state).toBe('none');
  card.look(`${URL_A} and https://b.example`);
  expect([card.state, hands.waiting.length]).toEqual(['none', 0]);
  expect(await card.take(URL_A)).toEqual([]);
  card.look('');
  card.look(URL_A);
  expect(card.state).toBe('ready');
  expect(hands.asked).toHaveLength(1);
});

test('a page with nothing to say is asked once; a silent city may be asked again', async () => {
  card.look(URL_A);
  hands.still();
  await hands.answer(fail('nothing', ''));
  card.look('');
  card.look(URL_A);
  hands.still();
  expect(hands.asked).toHaveLength(1);
  card.look('https://b.example');
  hands.still();
  await hands.answer(fail('unreachable', ''));
  card.look('');
  card.look('https://b.example');
  hands.still();
  expect(hands.asked).toHaveLength(3);
});

test('who wants none has none: nobody is asked', () => {
  hands.on = false;
  card.look(URL_A);
  hands.still();
  expect([card.state, hands.asked.length]).toEqual(['none', 0]);
});

test('in private talk nobody is asked before the person says so, and no picture is', async () => {
  hands.isPrivate = true;
  card.look(URL_A);
  hands.still();
  expect([card.state, hands.asked.length]).toEqual(['offered', 0]);
  expect(await card.take(URL_A)).toEqual([]);
  void card.ask();
  expect(hands.asked).toMatchObject([{ picture: false }]);
  await hands.answer(ok({ url: URL_A, title: 'Tides' }));
  expect(await card.take(URL_A)).toEqual([{ url: URL_A, title: 'Tides' }]);
});

test('a picture that cannot be kept is left out, one of a line that was not sent is given up', async () => {
  card.look(URL_A);
  hands.still();
  await hands.answer(page());
  card.putBack(await card.take(URL_A));
  expect(hands.withdrawn).toEqual([hung]);
  hands.kept = fail('storage', 'full');
  expect(await card.take(URL_A)).toEqual([{ url: URL_A, title: 'Tides' }]);
});
