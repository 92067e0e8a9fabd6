/** NIP-86: the same decisions, asked by other people's tools. */
import type { AdminMark, AdminRefusalCode } from '#protocol/admin/admin.ts';
import { MANAGEMENT_METHODS } from '#protocol/admin/management.ts';
import type { ManagementRequest } from '#protocol/admin/management.ts';
import * as kinds from '#protocol/kinds.ts';
import { ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Decided, Desk } from './desk.ts';
import type { Reports } from './reports.ts';

export interface ManagementPorts {
  readonly desk: Desk;
  readonly reports: Reports;
}

/** Who asks, and from where. */
export interface Asker {
  readonly pubkey: string;
  readonly address: string;
}

type Managed = Result<unknown, Failure<AdminRefusalCode>>;

const named =
  (key: string) =>
  ({ name, reason }: AdminMark) => ({ [key]: name, ...(reason ? { reason } : {}) });

const SETTINGS = {
  changerelayname: 'name',
  changerelaydescription: 'description',
  changerelayicon: 'icon',
} as const;

/** The kinds that the city has a use for and takes; of others it takes any that is not disallowed. */
const allowedKinds = async (desk: Desk): Promise<number[]> => {
  const disallowed = new Set(await desk.disallowedKinds());
  const known = Object.values(kinds as Readonly<Record<string, unknown>>).filter(
    (value) => typeof value === 'number',
  );
  return [...new Set(known)].filter((kind) => !disallowed.has(kind)).sort((a, b) => a - b);
};

/** What is allowed needs no decision any more. */
const allowEvent = async ({ desk, reports }: ManagementPorts, id: string, by: string): Promise<Decided> => {
  if (await reports.find(id, by)) await reports.end(id, 'dismissed', by);
  return desk.allowEvent(id);
};

const banEvent = async (
  { desk, reports }: ManagementPorts,
  id: string,
  decision: { readonly by: string; readonly reason: string },
): Promise<Decided> => {
  const banned = await desk.banEvent(id, decision);
  if (banned.ok && (await reports.find(id, decision.by))) await reports.end(id, 'taken', decision.by);
  return banned;
};

const waiting = async (reports: Reports, by: string) =>
  (await reports.open(by))
    .filter(({ about, isGone }) => about === 'event' && !isGone)
    .map(({ target, types }) => ({ id: target, reason: types.join(', ') }));

/** Does what a method says; its result. Throws on I/O. */
export const manage = async (
  ports: ManagementPorts,
  request: ManagementRequest,
  { pubkey: by, address }: Asker,
): Promise<Managed> => {
  const { desk, reports } = ports;
  switch (request.method) {
    case 'supportedmethods':
      return ok(MANAGEMENT_METHODS);
    case 'listbannedpubkeys':
      return ok((await desk.list('banned_keys')).map(named('pubkey')));
    case 'listallowedpubkeys':
      return ok((await desk.list('allowed_keys')).map(named('pubkey')));
    case 'listbannedevents':
      return ok((await desk.list('banned_events')).map(named('id')));
    case 'listblockedips':
      return ok((await desk.list('blocked_addresses')).map(named('ip')));
    case 'listallowedkinds':
      return ok(await allowedKinds(desk));
    case 'listeventsneedingmoderation':
      return ok(await waiting(reports, by));
    case 'banpubkey':
      return desk.ban(request.name, { by, reason: request.reason });
    case 'unbanpubkey':
      return desk.unban(request.name);
    case 'allowpubkey':
      return desk.allow(request.name, { by, reason: request.reason });
    case 'unallowpubkey':
      return desk.unallow(request.name);
    case 'banevent':
      return banEvent(ports, request.name, { by, reason: request.reason });
    case 'allowevent':
      return allowEvent(ports, request.name, by);
    case 'allowkind':
      return desk.allowKind(request.kind);
    case 'disallowkind':
      return desk.disallowKind(request.kind);
    case 'blockip':
      return desk.block(request.address, address, { by, reason: request.reason });
    case 'unblockip':
      return desk.unblock(request.address);
    default:
      return desk.set(SETTINGS[request.method], request.text);
  }
};
