/** The person's settings on this device, live. */
import type { City } from '#client/city/city.ts';
import { defaultSettings, parseSettings, settingsTable } from './table.ts';
import type { ChosenTiles, PrivacyName, SettingName, SettingValues } from './table.ts';

/** Reads and changes settings; every change is local history. */
export class Settings {
  values = $state.raw<SettingValues>(defaultSettings);
  readonly #city: Pick<City, 'all' | 'record' | 'watch'>;
  #unwatch: (() => void) | undefined;

  constructor(city: Pick<City, 'all' | 'record' | 'watch'>) {
    this.#city = city;
  }

  /** Reads what is kept and follows changes (of other tabs too). */
  async start(): Promise<void> {
    this.#unwatch ??= this.#city.watch([{ table: settingsTable.name }], () => void this.#load());
    await this.#load();
  }

  stop(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  /** Street tiles to show, or null for the bundled map alone. */
  get streetTiles(): ChosenTiles | null {
    return this.values.streetTiles;
  }

  /** True when nobody is to be looked up outside this city. */
  get isCityOnly(): boolean {
    return this.values.cityOnly;
  }

  /** Cores for proof of work; undefined: the default half. */
  get workers(): number | undefined {
    return this.values.workers ?? undefined;
  }

  /** True when the person wants no proof of work done on the battery. */
  get isOnlyCharging(): boolean {
    return this.values.onlyCharging;
  }

  /** True where the city may look at pages whose addresses the person writes. */
  get makesPreviews(): boolean {
    return this.values.linkPreviews;
  }

  /** Bytes that files one looked at may take here; 0: as much as the browser gives. */
  get filesBound(): number {
    return this.values.filesBound;
  }

  /** True where somebody may know this of the person; `isContact`: they are one of their contacts. */
  allows(what: PrivacyName, isContact: boolean): boolean {
    const audience = this.values[what];
    return audience === 'everybody' || (audience === 'contacts' && isContact);
  }

  /** Changes one setting, seen at once. */
  async change<Name extends SettingName>(name: Name, value: SettingValues[Name]): Promise<void> {
    this.values = { ...this.values, [name]: value };
    await this.#city.record({ type: 'SettingChanged', v: 1, name, value });
  }

  async #load(): Promise<void> {
    this.values = parseSettings(await this.#city.all(settingsTable));
  }
}
