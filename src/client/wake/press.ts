/** What lies behind a notification: where pressing it leads. Browsers keep it on the disk, so it is read as a stranger's. */
import { isRecord } from '#shared/json.ts';

export interface NoticeData {
  /** In this app. */
  readonly path: string;
  /** The profile that it is for; a page with another one open does not go there. */
  readonly profile?: string | undefined;
  readonly conversation?: string | undefined;
  /** Lines that it speaks of. */
  readonly count: number;
  /** Unix seconds. */
  readonly at: number;
}

const HOME = '/';
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 200;
const numberOf = (value: unknown, otherwise: number): number =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : otherwise;

/** A path of this app, and of no other site. */
const parsePath = (value: unknown): string =>
  isText(value) && /^\/(?![/\\])[\w/?=&.%-]*$/.test(value) ? value : HOME;

/** What a notification carries, or the way home. */
export const parsePress = (data: unknown): NoticeData => {
  const { path, profile, conversation, count, at } = isRecord(data) ? data : {};
  return {
    path: parsePath(path),
    profile: isText(profile) ? profile : undefined,
    conversation: isText(conversation) ? conversation : undefined,
    count: numberOf(count, 1),
    at: numberOf(at, 0),
  };
};

/** What the worker tells a page: it was woken, or a notification was pressed. */
export type WorkerWord =
  | { readonly type: 'woken'; readonly test: boolean }
  | { readonly type: 'go'; readonly path: string; readonly profile: string | undefined };

/** A message from the worker; undefined for anything else that comes that way. */
export const parseWorkerWord = (value: unknown): WorkerWord | undefined => {
  if (!isRecord(value)) return undefined;
  if (value['type'] === 'woken') return { type: 'woken', test: value['test'] === true };
  if (value['type'] !== 'go') return undefined;
  const { path, profile } = parsePress(value);
  return { type: 'go', path, profile };
};
