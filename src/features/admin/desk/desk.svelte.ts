/** The operator's desk: what the city says about itself, and what is decided here. Nothing of it is kept on the device. */
import { SvelteSet } from 'svelte/reactivity';
import {
  ADMIN_DAYS_PATH,
  ADMIN_NUMBERS_PATH,
  ADMIN_REPORTS_PATH,
  ADMIN_RULES_PATH,
} from '#protocol/admin/admin.ts';
import type {
  AdminDay,
  AdminNumbers,
  AdminReport,
  AdminReportAction,
  AdminRuleAction,
  AdminRules,
} from '#protocol/admin/admin.ts';
import {
  readAdminDays,
  readAdminNumbers,
  readAdminReports,
  readAdminRules,
} from '#protocol/admin/answers.ts';
import type { Result } from '#shared/result.ts';
import type { CityLine, LineFailure } from './line.ts';

/** How many days the plot shows. */
export type Span = 30 | 90;
export type ReportView = 'open' | 'handled';

export class OperatorDesk {
  numbers = $state.raw<AdminNumbers>();
  days = $state.raw<readonly AdminDay[]>();
  span = $state<Span>(30);
  reports = $state.raw<readonly AdminReport[]>();
  view = $state<ReportView>('open');
  rules = $state.raw<AdminRules>();
  /** Why the last request came to nothing; goes with the next one that succeeds. */
  trouble = $state.raw<LineFailure>();
  /** What is being decided: the report's target, the key or the address. */
  readonly busy = new SvelteSet<string>();
  #line: Pick<CityLine, 'ask' | 'tell'>;

  constructor(line: Pick<CityLine, 'ask' | 'tell'>) {
    this.#line = line;
  }

  /** The numbers and the days of the chosen span. */
  async loadNumbers(): Promise<void> {
    const numbers = this.#note(await this.#line.ask(ADMIN_NUMBERS_PATH));
    if (!numbers.ok) return;
    this.numbers = readAdminNumbers(numbers.value);
    await this.choose(this.span);
  }

  /** Another span of days. */
  async choose(span: Span): Promise<void> {
    this.span = span;
    const days = this.#note(await this.#line.ask(`${ADMIN_DAYS_PATH}?days=${span}`));
    if (days.ok && this.span === span) this.days = readAdminDays(days.value);
  }

  async loadReports(view: ReportView = this.view): Promise<void> {
    if (view !== this.view) this.reports = undefined;
    this.view = view;
    const reports = this.#note(await this.#line.ask(`${ADMIN_REPORTS_PATH}?state=${view}`));
    if (reports.ok && this.view === view) this.reports = readAdminReports(reports.value);
  }

  async loadRules(): Promise<void> {
    const rules = this.#note(await this.#line.ask(ADMIN_RULES_PATH));
    if (rules.ok) this.rules = readAdminRules(rules.value);
  }

  /** Decides about a report; true when the city has done it. */
  settle(action: AdminReportAction): Promise<boolean> {
    return this.#do(action.target, ADMIN_REPORTS_PATH, action, () => this.loadReports());
  }

  /** Changes who and what is let in; true when the city has done it. */
  change(action: AdminRuleAction): Promise<boolean> {
    const about = 'pubkey' in action ? action.pubkey : 'address' in action ? action.address : action.action;
    return this.#do(about, ADMIN_RULES_PATH, action, () => this.loadRules());
  }

  async #do(about: string, path: string, action: object, reload: () => Promise<void>): Promise<boolean> {
    this.busy.add(about);
    const done = this.#note(await this.#line.tell(path, action));
    if (done.ok) await reload();
    this.busy.delete(about);
    return done.ok;
  }

  #note(answer: Result<unknown, LineFailure>): Result<unknown, LineFailure> {
    this.trouble = answer.ok ? undefined : answer.error;
    return answer;
  }
}
