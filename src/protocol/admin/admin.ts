/** The operator's page and its city: paths, what goes over them, and why a city refuses (NIP-98 signs every request). */

/** `GET`: whether the key is an operator's. */
export const ADMIN_ME_PATH = '/api/admin/me';
/** `GET`: `AdminNumbers`. */
export const ADMIN_NUMBERS_PATH = '/api/admin/numbers';
/** `GET ?days=30`: `AdminDay[]`. */
export const ADMIN_DAYS_PATH = '/api/admin/days';
/** `GET ?state=open|handled`: `AdminReport[]`; `POST`: `AdminReportAction`. */
export const ADMIN_REPORTS_PATH = '/api/admin/reports';
/** `GET`: `AdminRules`; `POST`: `AdminRuleAction`. */
export const ADMIN_RULES_PATH = '/api/admin/rules';

/** Body in bytes, a reason and a name in characters. */
export const ADMIN_LIMITS = { body: 16 * 1024, reason: 300, name: 60, description: 500, days: 366 } as const;

export const ADMIN_REFUSALS = {
  malformed: 400,
  'auth-required': 401,
  forbidden: 403,
  unknown: 404,
  'wrong-method': 405,
  'too-slow': 408,
  conflict: 409,
  'too-large': 413,
  'rate-limited': 429,
  error: 500,
} as const satisfies Readonly<Record<string, number>>;

/** Why the city refused; each code has its HTTP status in `ADMIN_REFUSALS`. */
export type AdminRefusalCode = keyof typeof ADMIN_REFUSALS;

/** NIP-56's words, and `other` for anything else. */
export const REPORT_TYPES = [
  'nudity',
  'malware',
  'profanity',
  'illegal',
  'spam',
  'impersonation',
  'other',
] as const;
export type ReportType = (typeof REPORT_TYPES)[number];

/** A kind's count on a day (UTC, `2026-11-22`), and how many people it was. */
export interface AdminDay {
  readonly day: string;
  readonly kind: number;
  readonly count: number;
  readonly authors: number;
}

/** What is stored of one kind; bytes are the rows' own, without indexes. */
export interface AdminStored {
  readonly kind: number;
  readonly count: number;
  readonly bytes: number;
}

/** What the city does on its own. Times in Unix seconds, progress from 0 to 1. */
export interface AdminJob {
  readonly name: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly progress?: number;
  readonly result?: string;
}

/** How the city is at this moment. Bytes, Unix seconds; the last 24 hours. */
export interface AdminNumbers {
  readonly events: number;
  readonly eventsToday: number;
  readonly peopleToday: number;
  readonly places: number;
  readonly connections: number;
  readonly databaseBytes: number;
  readonly memoryBytes: number;
  readonly uptimeSeconds: number;
  readonly stored: readonly AdminStored[];
  readonly jobs: readonly AdminJob[];
}

/** What was done about a report. */
export const REPORT_ENDS = ['taken', 'banned', 'dismissed'] as const;
export type ReportEnd = (typeof REPORT_ENDS)[number];

/** Everything that was reported about one event or person. */
export interface AdminReport {
  /** An event's id, a file's hash or a public key. */
  readonly target: string;
  readonly about: 'event' | 'file' | 'person';
  readonly author?: string;
  readonly kind?: number;
  readonly place?: string;
  /** What was said, where the operator may read it and it is still here. */
  readonly text?: string;
  /** Not here (any more), taken away or never seen. */
  readonly isGone: boolean;
  /** Different people. */
  readonly reporters: number;
  readonly types: readonly ReportType[];
  /** What the newest reporters wrote. */
  readonly words: readonly string[];
  /** Unix seconds. */
  readonly newest: number;
  readonly end?: { readonly done: ReportEnd; readonly by: string; readonly at: number };
}

/** Something an operator has put on a list. */
export interface AdminMark {
  /** A public key, an event's id or an address. */
  readonly name: string;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
}

export interface AdminRules {
  readonly name: string;
  readonly description: string;
  readonly allowListOnly: boolean;
  readonly banned: readonly AdminMark[];
  readonly allowed: readonly AdminMark[];
  readonly addresses: readonly AdminMark[];
  readonly disallowedKinds: readonly number[];
}

export type AdminReportAction =
  | { readonly action: 'take' | 'dismiss'; readonly target: string }
  /** Undoes what was done. */
  | { readonly action: 'reopen'; readonly target: string }
  /** `take`: everything that the author wrote goes too. */
  | { readonly action: 'ban'; readonly target: string; readonly take: boolean };

export type AdminRuleAction =
  | { readonly action: 'ban'; readonly pubkey: string; readonly reason: string; readonly take: boolean }
  | { readonly action: 'unban' | 'unallow'; readonly pubkey: string }
  | { readonly action: 'allow'; readonly pubkey: string; readonly reason: string }
  | { readonly action: 'block'; readonly address: string; readonly reason: string }
  | { readonly action: 'unblock'; readonly address: string }
  | { readonly action: 'allow-list'; readonly on: boolean }
  | { readonly action: 'describe'; readonly name: string; readonly description: string };
