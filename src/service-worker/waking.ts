/// <reference lib="webworker" />
/** Pushes, and presses on what they showed. What they mean is decided in `client/wake`; here it meets the browser. */
import { verifyEvent } from 'nostr-tools/pure';
import { browserRelayPorts } from '#client/engine/browser-ports.ts';
import { answerWake } from '#client/wake/answer.ts';
import type { AnswerPorts, ShownNotice } from '#client/wake/answer.ts';
import type { Notice, NoticeWords } from '#client/wake/notice.ts';
import { parsePress } from '#client/wake/press.ts';
import type { NoticeData, WorkerWord } from '#client/wake/press.ts';
import { ShortLine } from '#client/wake/short-line.ts';
import { isAnybodyWoken, openByTag } from '#client/wake/woken.ts';
import { openDeviceNotes } from '#client/store/opening/device-notes.ts';
import { DexieRegister } from '#client/store/profiles/profile-register.ts';
import { m } from '#messages/paraglide/messages.js';
import { baseLocale, locales, overwriteGetLocale } from '#messages/paraglide/runtime.js';
import type { NostrEvent } from '#protocol/event.ts';
import { systemClock } from '#shared/time.ts';
import { tellWake } from './wakes.ts';

declare const self: ServiceWorkerGlobalScope;

/** Milliseconds for everything that is asked of the relay. */
const TIME_BOX = 8000;
/** Milliseconds in which a window says that it goes where a press leads. */
const WINDOW_ANSWERS = 700;

// A service worker has no `localStorage` in which a page could have left the person's choice.
overwriteGetLocale(() => locales.find((locale) => self.navigator.language.startsWith(locale)) ?? baseLocale);

const words = (): NoticeWords => ({
  city: m.shell_city(),
  newMessage: m.notifications_wake_message(),
  lockedNews: m.notifications_wake_locked(),
  look: m.notifications_wake_look(),
  test: m.notifications_wake_test(),
  someone: (key) => m.notifications_wake_someone({ key }),
  line: (who, text) => m.notifications_wake_line({ who, text }),
  lines: (count, who, text) => m.notifications_wake_lines({ count, who, text }),
});

// A plain copy: nostr-tools remembers its verdict on the object that it was handed.
const verify = (event: NostrEvent): boolean =>
  verifyEvent({ ...event, tags: event.tags.map((tag) => [...tag]) });

const windows = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });

/** As the Notifications API has it; TypeScript's library leaves `renotify` out. */
interface WholeOptions extends NotificationOptions {
  readonly renotify: boolean;
}

const show = async (notice: Notice, profile: string | undefined): Promise<void> => {
  const { title, body, tag, isNews, isSilent = false, path, conversation, count = 1 } = notice;
  const data: NoticeData = { path, profile, conversation, count, at: systemClock.now() };
  const options: WholeOptions = {
    body,
    tag,
    data,
    renotify: isNews,
    silent: isSilent,
    icon: '/icons/icon-192.png',
    timestamp: Date.now(),
  } as WholeOptions;
  await self.registration.showNotification(title, options);
  // How many there are only a page knows.
  await self.navigator.setAppBadge?.().catch(() => undefined);
};

const shown = async (): Promise<ReadonlyMap<string, ShownNotice>> => {
  const notices = await self.registration.getNotifications();
  return new Map(
    notices.map(({ tag, data }) => {
      const { count, at } = parsePress(data);
      return [tag, { count, at }];
    }),
  );
};

const ports = (): AnswerPorts => ({
  open: (tag) => openByTag(tag, { register: new DexieRegister(), notes: openDeviceNotes, now: Date.now }),
  line: (url) => new ShortLine(url, TIME_BOX, { ...browserRelayPorts, verify }),
  isVisible: async () => (await windows()).some(({ visibilityState }) => visibilityState === 'visible'),
  shown,
  show,
  words: words(),
  now: () => systemClock.now(),
});

/** Once it is noted: whoever hears it may look it up. */
const tellWindows = async (word: WorkerWord): Promise<void> => {
  for (const client of await windows()) client.postMessage(word);
};

/** Shows what a push is about, as far as this device may know it. Never rejects. */
export const answerPush = async (event: PushEvent): Promise<void> => {
  try {
    const { why, end } = await answerWake(event.data?.text(), ports());
    await tellWake(why, end);
    if (end === 'stranger') await leaveUnlessWoken();
    else await tellWindows({ type: 'woken', test: why === 'test' });
  } catch (cause) {
    console.error('A push could not be answered', cause);
    await show(
      { title: m.shell_city(), body: m.notifications_wake_look(), tag: 'city', path: '/', isNews: true },
      undefined,
    );
    await tellWake('push', 'failed');
  }
};

/** An address that no profile here knows any more, as after an erasing, is given back. */
const leaveUnlessWoken = async (): Promise<void> => {
  if (await isAnybodyWoken(new DexieRegister())) return;
  const subscription = await self.registration.pushManager.getSubscription();
  await subscription?.unsubscribe();
};

/** Goes to what a notification is about: in a window that is open, else in a new one. */
export const answerNotificationClick = async (event: NotificationEvent): Promise<void> => {
  event.notification.close();
  const { path, profile } = parsePress(event.notification.data);
  const [window] = [...(await windows())].sort((a, b) => Number(b.focused) - Number(a.focused));
  if (!window) return void (await self.clients.openWindow(path));
  const focused = await window.focus().catch(() => window);
  if (!(await takesPress(focused, { type: 'go', path, profile })))
    await focused.navigate(path).catch(() => self.clients.openWindow(path));
};

/** True when the page has said that it goes there by itself; a page that is still opening says nothing. */
const takesPress = (window: WindowClient, press: object): Promise<boolean> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => resolve(false), WINDOW_ANSWERS);
    port1.onmessage = () => {
      clearTimeout(timer);
      resolve(true);
    };
    window.postMessage(press, [port2]);
  });

/** `pushsubscriptionchange`, which TypeScript's library does not know. */
interface SubscriptionChange extends ExtendableEvent {
  readonly oldSubscription?: PushSubscription | null;
  readonly newSubscription?: PushSubscription | null;
}

/** The browser has taken the address away: asks for another one. The next page tells the city, for only it can sign. */
export const answerSubscriptionChange = async (event: ExtendableEvent): Promise<void> => {
  const { oldSubscription, newSubscription } = event as SubscriptionChange;
  try {
    const key = oldSubscription?.options.applicationServerKey;
    if (!newSubscription && key)
      await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    await tellWake('changed', 'renewed');
  } catch {
    await tellWake('changed', 'failed');
  }
};
