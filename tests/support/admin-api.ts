/** An operator's requests, signed as an app signs them. */
import { encodeHttpAuth, makeHttpAuth } from '#protocol/http-auth.ts';
import { MANAGEMENT_TYPE } from '#protocol/admin/management.ts';
import type { Draft } from '#protocol/event.ts';
import type { City } from '#server/city.ts';
import type { Person } from './client.ts';

export interface AdminCall {
  readonly method?: string;
  readonly body?: string;
  readonly type?: string;
  /** What the request is signed for, where it lies. */
  readonly forge?: (draft: Draft) => Draft;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AdminAnswer {
  readonly status: number;
  // What a test looks into, whatever it is.
  readonly json: Readonly<Record<string, unknown>>;
}

/** Sends one signed request. */
export const callAdmin = async (
  city: Pick<City, 'url'>,
  person: Person,
  path: string,
  { method = 'GET', body, type, forge = (draft) => draft, headers = {} }: AdminCall = {},
): Promise<AdminAnswer> => {
  const url = `${city.url}${path}`;
  const draft = forge(makeHttpAuth({ url, method, ...(body === undefined ? {} : { body }) }));
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body }),
    headers: {
      authorization: encodeHttpAuth(person.sign(draft)),
      ...(type ? { 'content-type': type } : {}),
      ...headers,
    },
  });
  const text = await response.text();
  const json: unknown = text ? JSON.parse(text) : {};
  return { status: response.status, json: json as AdminAnswer['json'] };
};

/** Asks the page's API to do something. */
export const tellCity = (city: Pick<City, 'url'>, person: Person, path: string, action: object) =>
  callAdmin(city, person, path, { method: 'POST', body: JSON.stringify(action), type: 'application/json' });

/** NIP-86. */
export const manage = (city: Pick<City, 'url'>, person: Person, method: string, ...params: unknown[]) =>
  callAdmin(city, person, '/', {
    method: 'POST',
    body: JSON.stringify({ method, params }),
    type: MANAGEMENT_TYPE,
  });
