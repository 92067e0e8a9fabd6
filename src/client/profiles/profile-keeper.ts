/** Keeps the profiles of this browser: which one is open, with what it opens, and when it is locked or erased. One a page. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { within } from '../keys/within.ts';
import { noAttempts, waitOf } from '../store/seal/attempts.ts';
import { openLock } from '../store/seal/lockbox.ts';
import type { ProfileKeys } from '../store/profiles/profile-keys.ts';
import type { AutoLock, ProfileRecord } from '../store/profiles/profile-record.ts';
import { finishErasing } from './erasing.ts';
import { IdleWatch } from './idle.ts';
import { sealLabel } from './label.ts';
import type { ProfileLabel } from './label.ts';
import { isStale, sealMoment } from './last-active.ts';
import { Listeners } from './listeners.ts';
import { addProfile, chooseProfile, makeProfile } from './make-profile.ts';
import * as settings from './lock-settings.ts';
import type { Edit, OpenProfile, SettingFailure } from './lock-settings.ts';
import type { Bytes, KeeperPorts, PasskeyFailure } from './ports.ts';
import { asksForSomething, factsOf, summarize } from './profile-facts.ts';
import type { ProfileFacts, ProfileSummary } from './profile-facts.ts';
import { openProof } from './proof.ts';
import type { Changed, Heard, Unlocker, UnlockFailure } from './keeping.ts';
import { TabNews } from './tab-news.ts';
import type { News } from './tab-news.ts';
import { countTry, openByPasskey, openByPassphrase } from './unlocking.ts';

const REGISTER_LOCK = 'city profiles';
const ASK_MS = 150;
const CLOSE_MS = 1000;

export class ProfileKeeper {
  readonly #ports: KeeperPorts;
  readonly #news: TabNews;
  readonly #listeners = new Listeners<Heard>();
  #record: ProfileRecord;
  #profiles: readonly ProfileSummary[] = [];
  #dataKey: Bytes | undefined;
  #hasDuress = false;
  #idle: IdleWatch | undefined;
  /** How often this tab was told to forget; what began before is void. */
  #forgotten = 0;

  /** Takes the profile that was used last, or makes a first one. Finishes an erasing that was cut off. Throws what the disk throws. */
  static async open(ports: KeeperPorts): Promise<ProfileKeeper> {
    let record: ProfileRecord | undefined;
    await ports.locks.hold(REGISTER_LOCK, async () => {
      await finishErasing(ports);
      record = (await ports.register.read()).profiles[0] ?? (await makeProfile(ports, 0));
    });
    const keeper = new ProfileKeeper(ports, record as ProfileRecord);
    await keeper.#refresh();
    return keeper;
  }

  private constructor(ports: KeeperPorts, record: ProfileRecord) {
    this.#ports = ports;
    this.#record = record;
    this.#news = new TabNews(ports.line(`profile ${record.id}`), {
      key: () => this.#dataKey,
      hear: (news) => this.#hear(news),
    });
  }

  /** All profiles of this browser, the one used last first. */
  get profiles(): readonly ProfileSummary[] {
    return this.#profiles;
  }
  /** The current profile's. */
  get label(): ProfileLabel | undefined {
    return this.#profiles.find(({ isCurrent }) => isCurrent)?.label;
  }
  get facts(): ProfileFacts {
    return factsOf(this.#record, this.#dataKey !== undefined, this.#hasDuress);
  }
  get canUsePasskeys(): boolean {
    return this.#ports.passkeys.isSupported();
  }
  /** Milliseconds until the next passphrase may be tried. */
  get wait(): number {
    return waitOf(this.#record.attempts, this.#ports.hands.now());
  }

  /** After locking (here or in another tab) or erasing: the keys are forgotten; the page should begin anew. */
  readonly onlock = (listener: (reason: 'locked' | 'erased') => void) => this.#listeners.on('lock', listener);
  /** Before that, for at most a second: let go of the engine. */
  readonly onclosing = (listener: () => unknown) => this.#listeners.on('closing', listener);
  /** Another tab of this profile was unlocked: `openAtOnce` will do. */
  readonly onopen = (listener: () => void) => this.#listeners.on('open', listener);
  /** The getters may answer otherwise now. */
  readonly onchange = (listener: () => void) => this.#listeners.on('change', listener);

  /** Opens it where this browser may by itself, or another tab has it open; undefined: the person is asked. */
  async openAtOnce(): Promise<ProfileKeys | undefined> {
    const begun = this.#forgotten;
    await this.#refresh();
    const key = (await this.#openOnDevice()) ?? (await this.#askTabs());
    if (!key) return undefined;
    const hasDuress = await this.#learn(key);
    if (begun === this.#forgotten) return this.#enter(key, hasDuress);
    key.fill(0);
    return undefined;
  }

  /** Opens it for a passphrase or a passkey. Wrong passphrases make the next try wait longer and longer. */
  async unlock(unlocker: Unlocker): Promise<Result<ProfileKeys, UnlockFailure>> {
    const key =
      unlocker.kind === 'passkey' ? await this.#keyByPasskey() : await this.#keyByWords(unlocker.passphrase);
    if (!key.ok) return key;
    const hasDuress = await this.#learn(key.value);
    const opened = { record: this.#record, dataKey: key.value };
    const stay: Edit = this.#record.isStaying ? await settings.withDevice(opened) : (record) => record;
    const isThere = await this.#write((record) => stay({ ...record, attempts: noAttempts }));
    if (!isThere) {
      key.value.fill(0);
      return fail('erased', 'This profile is gone.');
    }
    const keys = this.#enter(key.value, hasDuress);
    this.#news.tell('open');
    return ok(keys);
  }

  /** Forgets the keys in every tab, and asks from now on. Nothing happens where nothing could be asked. */
  async lock(): Promise<void> {
    if (!asksForSomething(this.#record)) return;
    this.#forget();
    try {
      // Before the others are told: they begin anew at once, and must not find the device's lock.
      await this.#write(settings.withoutDevice);
    } finally {
      this.#news.tell('lock');
      await this.#closing();
      this.#end('locked');
    }
  }

  /** Erases this profile; of the last one every trace in this browser. */
  async erase(): Promise<void> {
    await this.#ports.locks.hold(REGISTER_LOCK, async () => {
      await this.#ports.register.bury(this.#record.id);
      this.#forget();
      this.#news.tell('erase');
      await this.#closing();
      await finishErasing(this.#ports);
    });
    this.#end('erased');
  }

  /** Makes this profile the next one; the page begins anew with it. False when there is none such. */
  readonly choose = (id: string): Promise<boolean> => chooseProfile(this.#ports, id);
  /** Makes a new, empty profile the next one; its id. */
  readonly add = (): Promise<string> => addProfile(this.#ports);

  /** A first passphrase or another one; `same`: it is the one that erases. */
  readonly setPassphrase = (passphrase: string): Changed =>
    this.#change((open) => settings.withPassphrase(open, passphrase));
  /** Whether this browser opens it by itself; `needed`: nothing else would. */
  readonly setStaying = (isStaying: boolean): Changed =>
    this.#change((open) => settings.withStaying(open, isStaying));
  /** The passphrase that erases, or none; `same`: it is the one that opens; `needed`: there is none that opens. */
  readonly setDuress = (passphrase: string | undefined): Changed =>
    this.#change((open) => settings.withDuress(open, passphrase));
  /** Makes a passkey and tries it at once; else nothing is changed. */
  readonly addPasskey = (): Changed<PasskeyFailure | SettingFailure> =>
    this.#change((open) =>
      settings.withNewPasskey(open, this.#ports.passkeys, this.label?.name ?? open.record.id.slice(0, 8)),
    );
  /** `needed`: it is the only way in. */
  readonly removePasskey = async (id: string): Changed => {
    const changed = await this.#change((open) => Promise.resolve(settings.withoutPasskey(open, id)));
    if (changed.ok) this.#ports.passkeys.forget(id);
    return changed;
  };
  /** `needed`: it cannot be locked. */
  readonly setAutoLock = async (autoLock: AutoLock): Changed => {
    if (autoLock > 0 && !asksForSomething(this.#record))
      return fail('needed', 'Nothing would open it again.');
    const lastActive = await sealMoment(this.#record, this.#ports.hands.now());
    return this.#change(async () => ok((record) => ({ ...record, autoLock, lastActive })));
  };
  readonly setPanicKey = (hasPanicKey: boolean): Changed =>
    this.#change<SettingFailure>(async () => ok((record) => ({ ...record, hasPanicKey })));
  /** Whose it is, for the lock screen; undefined when nobody's any more. */
  readonly setLabel = async (label: ProfileLabel | undefined): Changed => {
    const sealed = label && (await sealLabel(label, this.#record));
    return this.#change(async () =>
      ok(({ label: _, ...record }) => (sealed ? { ...record, label: sealed } : record)),
    );
  };

  async #openOnDevice(): Promise<Bytes | undefined> {
    const lock = this.#record.locks.find(({ kind }) => kind === 'device');
    if (!lock) return undefined;
    if (asksForSomething(this.#record) && (await isStale(this.#record, this.#ports.hands.now()))) {
      await this.#write(settings.withoutDevice);
      return undefined;
    }
    const key = await openLock(lock, { kind: 'device', key: this.#record.deviceKey }, this.#record.id);
    return key.ok ? key.value : undefined;
  }

  async #askTabs(): Promise<Bytes | undefined> {
    const key = await this.#news.askForKey(ASK_MS);
    return key && (await openProof(this.#record.proof, key, this.#record.id)) ? key : undefined;
  }

  async #keyByWords(passphrase: string): Promise<Result<Bytes, UnlockFailure>> {
    const { register, hands, iterations } = this.#ports;
    const counted = await countTry(register, this.#record.id, hands.now());
    if (!counted) return fail('erased', 'This profile is gone.');
    this.#record = counted.record;
    if (counted.wait > 0) return fail('wait', 'Too many wrong tries. Wait a little.', counted.wait);
    const key = await openByPassphrase(counted.record, passphrase, iterations);
    if (key.ok) return key;
    if (key.error.code === 'wrong') return fail('wrong', key.error.message);
    await this.erase();
    return fail('erased', 'This profile is gone.');
  }

  /** Not counted: nobody guesses what a passkey says. */
  async #keyByPasskey(): Promise<Result<Bytes, UnlockFailure>> {
    const { passkeys } = this.facts;
    const answer = await this.#ports.passkeys.ask(passkeys, await settings.saltOf(this.#record.id));
    return answer.ok ? openByPasskey(this.#record, answer.value) : answer;
  }

  async #learn(key: Bytes): Promise<boolean> {
    return (await openProof(this.#record.proof, key, this.#record.id))?.hasDuress ?? false;
  }

  /** From here on nothing is awaited until the keys are in their place. */
  #enter(dataKey: Bytes, hasDuress: boolean): ProfileKeys {
    if (this.#dataKey && this.#dataKey !== dataKey) dataKey.fill(0);
    const key = (this.#dataKey ??= dataKey);
    this.#hasDuress = hasDuress;
    this.#watchIdle();
    return { profile: this.#record.id, dataKey: key, deviceKey: this.#record.deviceKey };
  }

  #forget(): void {
    this.#forgotten += 1;
    this.#dataKey?.fill(0);
    this.#dataKey = undefined;
    this.#hasDuress = false;
    this.#idle?.stop();
    this.#idle = undefined;
  }

  #watchIdle(): void {
    this.#idle?.stop();
    this.#idle = undefined;
    if (!this.#dataKey || this.#record.autoLock === 0 || !asksForSomething(this.#record)) return;
    this.#noteTouch();
    this.#idle = new IdleWatch(this.#ports.hands, this.#record.autoLock, {
      due: () => void this.lock().catch((cause: unknown) => console.error('Locking failed', cause)),
      touched: () => {
        this.#news.tell('touch');
        this.#noteTouch();
      },
    });
  }

  /** What the next start needs, to know that it is too late to open by itself. */
  #noteTouch(): void {
    if (!this.#record.isStaying) return;
    const noted = sealMoment(this.#record, this.#ports.hands.now()).then((lastActive) =>
      this.#write((record) => ({ ...record, lastActive })),
    );
    noted.catch((cause: unknown) => console.error('The last touch could not be kept', cause));
  }

  #hear(news: News): void {
    if (news === 'open') void this.#listeners.tell('open', undefined);
    else if (news === 'touch') this.#idle?.touchedElsewhere();
    else if (news === 'changed') void this.#catchUp();
    else {
      this.#forget();
      void this.#closing().then(() => this.#end(news === 'erase' ? 'erased' : 'locked'));
    }
  }

  async #catchUp(): Promise<void> {
    await this.#refresh();
    this.#watchIdle();
  }

  async #closing(): Promise<void> {
    await within(this.#listeners.tell('closing', undefined), CLOSE_MS);
  }

  #end(reason: 'locked' | 'erased'): void {
    if (reason === 'erased') this.#ports.sweepTab();
    void this.#listeners.tell('lock', reason);
  }

  async #change<E extends Failure>(
    make: (open: OpenProfile) => Promise<Result<Edit, E>>,
  ): Promise<Result<true, E | Failure<'locked'>>> {
    const dataKey = this.#dataKey;
    if (!dataKey) return fail('locked', 'It is locked.');
    const edit = await make({ record: this.#record, dataKey, iterations: this.#ports.iterations });
    if (!edit.ok) return edit;
    // Locked in the meantime: what was made with a key that is zeros by now must not be kept.
    if (this.#dataKey !== dataKey) return fail('locked', 'It is locked.');
    await this.#write(edit.value);
    await this.#catchUp();
    this.#news.tell('changed');
    return ok(true);
  }

  async #write(edit: Edit): Promise<boolean> {
    const record = await this.#ports.register.change(this.#record.id, (before) => {
      const after = edit(before);
      return [after, after];
    });
    if (record) this.#record = record;
    return record !== undefined;
  }

  async #refresh(): Promise<void> {
    const { profiles } = await this.#ports.register.read();
    const { id } = this.#record;
    this.#record = profiles.find((record) => record.id === id) ?? this.#record;
    this.#profiles = await summarize(profiles, id);
    if (this.#dataKey) this.#hasDuress = await this.#learn(this.#dataKey);
    void this.#listeners.tell('change', undefined);
  }
}
