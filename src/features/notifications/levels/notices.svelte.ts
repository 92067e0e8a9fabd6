/** What each place may tell of on this device, live. */
import type { City } from '#client/city/city.ts';
import type { NoticeLevel } from '#client/store/local-events.ts';
import { systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import { notices, noticeSettings, parseNoticeSettings, usualNotices } from './tables.ts';
import type { NoticeRow, NoticeSettingName, NoticeSettings } from './tables.ts';

/** A place's choice, or the usual one. */
export interface PlaceNotice {
  readonly level: NoticeLevel;
  /** Unix seconds; 0 once the silence is over. */
  readonly mutedUntil: number;
  /** The person has chosen for this very place. */
  readonly isOwn: boolean;
}

/** Milliseconds between looks at the clock: a silence ends by itself. */
const LOOK_EVERY = 30_000;

export class Notices {
  settings = $state.raw<NoticeSettings>(usualNotices);
  #rows = $state.raw<Readonly<Record<string, NoticeRow>>>({});
  #now = $state(0);
  readonly #city: Pick<City, 'all' | 'record' | 'watch'>;
  readonly #clock: Clock;
  #stop: (() => void) | undefined;

  constructor(city: Pick<City, 'all' | 'record' | 'watch'>, clock: Clock = systemClock) {
    this.#city = city;
    this.#clock = clock;
    this.#now = clock.now();
  }

  /** Reads what is kept and follows changes (of other tabs too). */
  async start(): Promise<void> {
    if (!this.#stop) {
      const watched = [{ table: notices.name }, { table: noticeSettings.name }];
      const unwatch = this.#city.watch(watched, () => void this.#load());
      const timer = setInterval(() => (this.#now = this.#clock.now()), LOOK_EVERY);
      this.#stop = () => {
        unwatch();
        clearInterval(timer);
      };
    }
    await this.#load();
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Places with a choice of their own. */
  get chosen(): readonly string[] {
    return Object.keys(this.#rows);
  }

  of(conversation: string): PlaceNotice {
    const row = this.#rows[conversation];
    if (!row) return { level: this.settings.noticeDefault, mutedUntil: 0, isOwn: false };
    return { level: row.level, mutedUntil: row.mutedUntil > this.#now ? row.mutedUntil : 0, isOwn: true };
  }

  /** True while a place tells nothing: muted, or by its level. */
  isQuiet(conversation: string): boolean {
    const { level, mutedUntil } = this.of(conversation);
    return level === 'nothing' || mutedUntil > 0;
  }

  setLevel(conversation: string, level: NoticeLevel): Promise<void> {
    return this.#choose({ ...this.of(conversation), conversation, level });
  }

  /** Silence until then (Unix seconds); 0 ends it. */
  mute(conversation: string, mutedUntil: number): Promise<void> {
    return this.#choose({ ...this.of(conversation), conversation, mutedUntil });
  }

  /** Changes one setting, seen at once. */
  async change<Name extends NoticeSettingName>(name: Name, value: NoticeSettings[Name]): Promise<void> {
    this.settings = { ...this.settings, [name]: value };
    await this.#city.record({ type: 'SettingChanged', v: 1, name, value });
  }

  async #choose({ conversation, level, mutedUntil }: NoticeRow): Promise<void> {
    this.#now = this.#clock.now();
    this.#rows = { ...this.#rows, [conversation]: { conversation, level, mutedUntil } };
    await this.#city.record({ type: 'ConversationNotice', v: 1, conversation, level, mutedUntil });
  }

  async #load(): Promise<void> {
    const [rows, settings] = await Promise.all([this.#city.all(notices), this.#city.all(noticeSettings)]);
    this.#now = this.#clock.now();
    this.#rows = Object.fromEntries(rows.map((row) => [row.conversation, row]));
    this.settings = parseNoticeSettings(settings);
  }
}
