/** Asking a city for Web Push as a device does: requests signed by a person (NIP-98). */
import { encodeHttpAuth, makeHttpAuth } from '#protocol/http-auth.ts';
import type { Draft } from '#protocol/event.ts';
import { PUSH_PATH, PUSH_TEST_PATH } from '#protocol/push.ts';
import type { PushWant } from '#protocol/push.ts';
import type { Person } from './client.ts';
import type { PushDevice } from './push-service.ts';

/** An answer: its status, and the code and sentence of a refusal. */
export interface PushAnswer {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
}

/** What goes into a request, where a story wants something else than what is right. */
export interface PushCall {
  readonly path?: string;
  readonly method: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Changes what is signed. */
  readonly forge?: (draft: Draft) => Draft;
}

/** Signs and sends one request. */
export const callPush = async (
  city: { readonly url: string },
  person: Person,
  call: PushCall,
): Promise<PushAnswer> => {
  const { path = PUSH_PATH, method, body, headers = {}, forge = (draft) => draft } = call;
  const url = `${city.url}${path}`;
  const authorization = encodeHttpAuth(person.sign(forge(makeHttpAuth({ url, method, body }))));
  const response = await fetch(url, { method, body, headers: { authorization, ...headers } });
  const text = await response.text();
  return {
    status: response.status,
    ...(text ? (JSON.parse(text) as { code: string; message: string }) : {}),
  };
};

/** The city's VAPID key. */
export const pushKeyOf = async (city: { readonly url: string }): Promise<string> =>
  ((await (await fetch(`${city.url}${PUSH_PATH}`)).json()) as { key: string }).key;

/** Asks to be woken. */
export const putPush = (
  city: { readonly url: string },
  person: Person,
  {
    device,
    tag,
    wants,
  }: { readonly device: PushDevice; readonly tag: string; readonly wants: readonly PushWant[] },
): Promise<PushAnswer> =>
  callPush(city, person, {
    method: 'PUT',
    body: JSON.stringify({ subscription: device.subscription, tag, wants }),
  });

/** Asks not to be woken any more. */
export const deletePush = (
  city: { readonly url: string },
  person: Person,
  device: PushDevice,
): Promise<PushAnswer> =>
  callPush(city, person, {
    method: 'DELETE',
    body: JSON.stringify({ endpoint: device.subscription.endpoint }),
  });

/** Asks for a self-test. */
export const testPush = (
  city: { readonly url: string },
  person: Person,
  device: PushDevice,
): Promise<PushAnswer> =>
  callPush(city, person, {
    path: PUSH_TEST_PATH,
    method: 'POST',
    body: JSON.stringify({ endpoint: device.subscription.endpoint }),
  });
