/** What the operator's page asks: the answers behind `/api/admin/…`. */
import { ADMIN_LIMITS } from '#protocol/admin/admin.ts';
import type {
  AdminRefusalCode,
  AdminReport,
  AdminReportAction,
  AdminRuleAction,
} from '#protocol/admin/admin.ts';
import { parseReportAction, parseRuleAction } from '#protocol/admin/actions.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { Decided, Desk } from './desk.ts';
import type { Asker } from './management.ts';
import { readOverview } from './overview.ts';
import type { OverviewPorts } from './overview.ts';
import type { Reports } from './reports.ts';
import { readDays } from './statistics.ts';
import type { StatisticsKeeper } from './statistics.ts';

/** What operators decide about files. Throws on I/O. */
export interface OperatorsFiles {
  /** Gone for everybody, and not taken again. */
  take(hash: string): Promise<void>;
  /** May be brought again; what was taken does not come back by itself. */
  allow(hash: string): Promise<void>;
}

export interface PagePorts extends OverviewPorts {
  readonly desk: Desk;
  readonly reports: Reports;
  readonly clock: Clock;
  readonly files: OperatorsFiles;
  readonly statistics: Pick<StatisticsKeeper, 'look'>;
}

type Shown = Result<unknown, Failure<AdminRefusalCode>>;

const BECAUSE = 'reported';

/** The answers to GET, by the last part of the path. */
export const shows: Readonly<
  Record<string, (ports: PagePorts, asker: Asker, query: URLSearchParams) => Promise<Shown>>
> = {
  me: (_, { pubkey }) => Promise.resolve(ok({ pubkey, operator: true })),
  numbers: async (ports) => ok(await readOverview(ports)),
  rules: async ({ desk }) => ok(await desk.rules()),
  reports: async ({ reports }, { pubkey }, query) =>
    ok({
      reports: await (query.get('state') === 'handled' ? reports.handled(pubkey) : reports.open(pubkey)),
    }),
  days: async ({ db, clock, statistics }, _, query) => {
    const days = Number(query.get('days') ?? 30);
    if (!Number.isInteger(days) || days < 1 || days > ADMIN_LIMITS.days)
      return fail('malformed', `days is a number from 1 to ${ADMIN_LIMITS.days}`);
    await statistics.look();
    return ok({ days: await readDays(db, days, clock.now()) });
  },
};

const undo = async (
  { desk, reports, files }: PagePorts,
  { target, about, end, author }: AdminReport,
): Promise<Decided> => {
  if (end?.done === 'taken') await (about === 'file' ? files.allow(target) : desk.allowEvent(target));
  if (end?.done === 'banned' && author) await desk.unban(author);
  await reports.reopen(target);
  return ok(true);
};

const settle = async (
  ports: PagePorts,
  action: Exclude<AdminReportAction, { readonly action: 'reopen' }>,
  report: AdminReport,
  by: string,
): Promise<Decided> => {
  const { desk, reports } = ports;
  const { target, about, author } = report;
  const decision = { by, reason: BECAUSE };
  if (action.action === 'dismiss') await reports.end(target, 'dismissed', by);
  else if (action.action !== 'ban') {
    if (about === 'person') return fail('malformed', 'this is about a person, not about something said');
    const taken = about === 'file' ? undefined : await desk.banEvent(target, decision);
    if (taken?.ok === false) return taken;
    if (!taken) await ports.files.take(target);
    await reports.end(target, 'taken', by);
  } else {
    if (!author) return fail('conflict', 'nobody knows who wrote this');
    const banned = await desk.ban(author, decision, action.take);
    if (!banned.ok) return banned;
    await reports.end(target, 'banned', by);
  }
  return ok(true);
};

const onReports = async (ports: PagePorts, { pubkey }: Asker, body: unknown): Promise<Shown> => {
  const action = parseReportAction(body);
  if (!action.ok) return action;
  const report = await ports.reports.find(action.value.target, pubkey);
  if (!report) return fail('unknown', 'nobody has reported this');
  const { value } = action;
  return value.action === 'reopen' ? undo(ports, report) : settle(ports, value, report, pubkey);
};

const change = async (
  desk: Desk,
  action: AdminRuleAction,
  { pubkey: by, address }: Asker,
): Promise<Decided> => {
  switch (action.action) {
    case 'ban':
      return desk.ban(action.pubkey, { by, reason: action.reason }, action.take);
    case 'unban':
      return desk.unban(action.pubkey);
    case 'allow':
      return desk.allow(action.pubkey, { by, reason: action.reason });
    case 'unallow':
      return desk.unallow(action.pubkey);
    case 'block':
      return desk.block(action.address, address, { by, reason: action.reason });
    case 'unblock':
      return desk.unblock(action.address);
    case 'allow-list':
      return desk.set('allow-list', action.on ? 'on' : 'off');
    case 'describe':
      await desk.set('name', action.name);
      return desk.set('description', action.description);
  }
};

/** The answers to POST, by the last part of the path. */
export const takes: Readonly<
  Record<string, (ports: PagePorts, asker: Asker, body: unknown) => Promise<Shown>>
> = {
  reports: onReports,
  rules: async ({ desk }, asker, body) => {
    const action = parseRuleAction(body);
    return action.ok ? change(desk, action.value, asker) : action;
  },
};
