/** The two sides of linking a device: one arrives, one gives. Each is for one time, and ends by itself. */
import { getPublicKey } from 'nostr-tools/pure';
import {
  formatLinkCode,
  helloMac,
  LINK_LIVES,
  linkDigits,
  parseLinkCode,
} from '#protocol/devices/linking.ts';
import type { LinkCode, LinkMessage } from '#protocol/devices/linking.ts';
import { bytesToHex, parseHex } from '#shared/bytes.ts';
import type { Clock } from '#shared/time.ts';
import { LinkLine } from './link-line.ts';
import type { OpenLinkRelay } from './link-line.ts';

/** Why it ended: too late; the other side or the person stopped it; other digits; two answered one code; no connection; no such code. */
export type LinkEnd = 'expired' | 'stopped' | 'digits' | 'crowd' | 'offline' | 'code';

/** `waiting`: for the other side; `comparing`: both have digits; `done`: the key is there. */
export type LinkState =
  | { readonly at: 'waiting'; readonly code?: string }
  | { readonly at: 'comparing'; readonly digits: string; readonly name: string }
  | { readonly at: 'done'; readonly secret?: Uint8Array }
  | { readonly at: 'ended'; readonly why: LinkEnd };

export interface LinkPorts {
  readonly open: OpenLinkRelay;
  readonly clock: Clock;
  readonly told: (state: LinkState) => void;
}

const nonce = (): string => bytesToHex(crypto.getRandomValues(new Uint8Array(16)));

abstract class LinkSide {
  protected readonly ports: LinkPorts;
  protected readonly line: LinkLine;
  protected peer: string | undefined;
  #isOver = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ports: LinkPorts) {
    this.ports = ports;
    this.line = new LinkLine(ports.clock);
  }

  /** The person gives it up; the other side learns of it. */
  stop(): void {
    void this.end('stopped');
  }

  protected get isOver(): boolean {
    return this.#isOver;
  }

  protected tell(state: LinkState): void {
    if (!this.#isOver) this.ports.told(state);
  }

  /** So many seconds from now it is over, whatever was said. */
  protected lives(seconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.end('expired'), seconds * 1000);
  }

  protected async connect(heard: (message: LinkMessage, from: string) => Promise<void>): Promise<boolean> {
    try {
      await this.line.open(this.ports.open, heard);
      return true;
    } catch {
      await this.end('offline');
      return false;
    }
  }

  protected finish(state: LinkState): void {
    this.tell(state);
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.line.close();
  }

  protected async end(why: LinkEnd): Promise<void> {
    if (this.#isOver) return;
    this.tell({ at: 'ended', why });
    this.#isOver = true;
    clearTimeout(this.#timer);
    if (this.peer !== undefined) await this.line.say({ t: 'stop' }, this.peer).catch(() => undefined);
    this.line.close();
  }
}

/** The new device: shows a code, then digits, then has the key. */
export class ArrivingDevice extends LinkSide {
  readonly #name: string;
  readonly #nonce = nonce();
  readonly #code: LinkCode;

  constructor(ports: LinkPorts, name: string) {
    super(ports);
    this.#name = name;
    this.#code = { host: this.line.pubkey, secret: nonce(), until: ports.clock.now() + LINK_LIVES };
  }

  /** Shows the code for two minutes. */
  async start(): Promise<void> {
    this.lives(LINK_LIVES);
    if (await this.connect((message, from) => this.#hear(message, from)))
      this.tell({ at: 'waiting', code: formatLinkCode(this.#code) });
  }

  async #hear(message: LinkMessage, from: string): Promise<void> {
    if (message.t === 'hello') return this.#greet(message.nonce, message.mac, from);
    if (from !== this.peer) return;
    if (message.t === 'stop') return this.end('stopped');
    if (message.t !== 'key') return;
    const secret = parseHex(message.key);
    if (!secret.ok || !isKey(secret.value)) return this.end('stopped');
    await this.line.say({ t: 'done' }, from);
    this.finish({ at: 'done', secret: secret.value });
  }

  /** The first who proves to have seen the code is the other side; a second one who does, spoils it for both. */
  async #greet(theirs: string, mac: string, from: string): Promise<void> {
    if (from === this.peer || mac !== helloMac(this.#code, from, theirs)) return;
    if (this.peer !== undefined) return this.end('crowd');
    if (this.ports.clock.now() > this.#code.until) return this.end('expired');
    this.peer = from;
    this.lives(LINK_LIVES);
    await this.line.say({ t: 'ready', nonce: this.#nonce, name: this.#name }, from);
    const digits = linkDigits(this.#code, from, { guest: theirs, host: this.#nonce });
    this.tell({ at: 'comparing', digits, name: '' });
  }
}

/** The device that has the account: answers a code, and gives the key once the person has typed the other screen's digits. */
export class GivingDevice extends LinkSide {
  readonly #nonce = nonce();
  #code: LinkCode | undefined;
  #digits: string | undefined;

  /** Answers the code that was scanned. */
  async start(text: string): Promise<void> {
    const code = parseLinkCode(text, this.ports.clock.now());
    if (!code.ok) return this.end(code.error.code === 'expired' ? 'expired' : 'code');
    this.#code = code.value;
    this.peer = code.value.host;
    this.lives(LINK_LIVES);
    this.tell({ at: 'waiting' });
    if (!(await this.connect((message, from) => this.#hear(message, from)))) return;
    const mac = helloMac(code.value, this.line.pubkey, this.#nonce);
    await this.line.say({ t: 'hello', nonce: this.#nonce, mac }, code.value.host);
  }

  /** The digits that the other screen shows, as the person typed them: the key travels only if they are these. One try. */
  async give(typed: string, secret: Uint8Array): Promise<void> {
    if (this.isOver || this.#digits === undefined || this.peer === undefined) return;
    if (typed.replace(/\D/g, '') !== this.#digits) return this.end('digits');
    await this.line.say({ t: 'key', key: bytesToHex(secret) }, this.peer);
  }

  async #hear(message: LinkMessage, from: string): Promise<void> {
    if (from !== this.peer || !this.#code) return;
    if (message.t === 'stop') return this.end('stopped');
    if (message.t === 'ready' && this.#digits === undefined) {
      const nonces = { guest: this.#nonce, host: message.nonce };
      this.#digits = linkDigits(this.#code, this.line.pubkey, nonces);
      this.tell({ at: 'comparing', digits: this.#digits, name: message.name });
    } else if (message.t === 'done' && this.#digits !== undefined) this.finish({ at: 'done' });
  }
}

const isKey = (secret: Uint8Array): boolean => {
  try {
    return getPublicKey(secret).length === 64;
  } catch {
    return false;
  }
};
