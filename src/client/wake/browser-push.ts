/** Push, notifications and the city's API as a page finds them. */
import { base64urlnopad } from '@scure/base';
import { parseJson } from '#shared/json.ts';
import type { HeldAddress, Permission, PushPorts } from './push-desk.ts';

/** Milliseconds until a service worker that never comes is given up. */
const PATIENCE = 10_000;

const textOf = (key: ArrayBuffer | null): string | undefined =>
  key ? base64urlnopad.encode(new Uint8Array(key)) : undefined;

const heldIn = (subscription: PushSubscription): HeldAddress => {
  const p256dh = textOf(subscription.getKey('p256dh'));
  const auth = textOf(subscription.getKey('auth'));
  if (p256dh === undefined || auth === undefined) throw new Error('The address came without keys.');
  return {
    address: { endpoint: subscription.endpoint, keys: { p256dh, auth } },
    key: textOf(subscription.options.applicationServerKey),
  };
};

const isSupported = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis;

const permission = (): Permission => (isSupported() ? Notification.permission : 'unsupported');

const ready = (): Promise<ServiceWorkerRegistration> =>
  Promise.race([
    navigator.serviceWorker.ready,
    new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error('The app is not installed in this browser.')), PATIENCE),
    ),
  ]);

const subscriptionOf = async (): Promise<PushSubscription | null> => {
  if (!isSupported()) return null;
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? null;
};

/** The browser's own. */
export const browserPush: PushPorts = {
  permission,
  ask: async () => (isSupported() ? Notification.requestPermission() : 'unsupported'),
  current: async () => {
    const subscription = await subscriptionOf();
    return subscription ? heldIn(subscription) : undefined;
  },
  subscribe: async (key) => {
    const { pushManager } = await ready();
    const applicationServerKey = base64urlnopad.decode(key) as Uint8Array<ArrayBuffer>;
    return heldIn(await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }));
  },
  drop: async () => void (await (await subscriptionOf())?.unsubscribe()),
  request: async ({ method, path, body, authorization }) => {
    const response = await fetch(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(authorization === undefined ? {} : { authorization }),
      },
      ...(body === undefined ? {} : { body }),
      cache: 'no-store',
    });
    const json = parseJson(await response.text());
    return { status: response.status, body: json.ok ? json.value : undefined };
  },
};
