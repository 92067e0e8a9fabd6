/** Whether single letters work as keys: who speaks to the machine, or whose hand slips, can switch them off (WCAG 2.1.4). */

const KEPT = 'single-letters';

export class SingleLetters {
  isOn = $state(true);
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage;
    this.isOn = storage.getItem(KEPT) !== 'off';
  }

  set(isOn: boolean): void {
    this.isOn = isOn;
    this.#storage.setItem(KEPT, isOn ? 'on' : 'off');
  }
}
