/** A tray a place, for as long as the page lives. */
import type { Audience } from '../prepare/prepared.ts';
import { Tray } from './tray.svelte.ts';
import type { TrayPorts } from './tray.svelte.ts';

export class Trays {
  readonly #ports: TrayPorts;
  readonly #audience: Audience;
  readonly #trays = new Map<string, Tray>();

  constructor(ports: TrayPorts, audience: Audience = 'open') {
    this.#ports = ports;
    this.#audience = audience;
  }

  of(place: string): Tray {
    const known = this.#trays.get(place);
    if (known) return known;
    const tray = new Tray(this.#ports, this.#audience);
    this.#trays.set(place, tray);
    return tray;
  }
}
