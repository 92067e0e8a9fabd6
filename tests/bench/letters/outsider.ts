/** Somebody on another app: a key, a connection to the city, and wraps made by another library. */
import { generateSecretKey, getPublicKey, finalizeEvent } from 'nostr-tools/pure';
import { wrapEvent } from 'nostr-tools/nip59';
import type { Page } from 'playwright';
import { decode } from 'nostr-tools/nip19';
import WebSocket from 'ws';

const now = () => Math.floor(Date.now() / 1000);

export class Outsider {
  readonly pubkey: string;
  readonly #secret = generateSecretKey();
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (isTaken: boolean) => void>();

  static async arrive(relay: string): Promise<Outsider> {
    const socket = new WebSocket(relay);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new Outsider(socket);
  }

  private constructor(socket: WebSocket) {
    this.pubkey = getPublicKey(this.#secret);
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const [type, id, isTaken] = JSON.parse(data.toString()) as [string, string, boolean];
      if (type === 'OK') this.#waiting.get(id)?.(isTaken);
    });
  }

  /** Says where they receive (kind 10050). */
  async receiveAt(relay: string): Promise<void> {
    const draft = { kind: 10050, created_at: now(), tags: [['relay', relay]], content: '' };
    await this.#publish(finalizeEvent(draft, this.#secret));
  }

  /** Sends lines `mark 0` … to one person, a hundred at once. */
  async write(to: string, mark: string, count: number): Promise<void> {
    for (let n = 0; n < count; n += 100) {
      const some = Array.from({ length: Math.min(100, count - n) }, (_, at) => {
        const said = { kind: 14, content: `${mark} ${n + at}`, tags: [['p', to]], created_at: now() };
        return wrapEvent(said, this.#secret, to);
      });
      await Promise.all(some.map((wrap) => this.#publish(wrap)));
    }
  }

  leave(): void {
    this.#socket.close();
  }

  async #publish(event: { readonly id: string }): Promise<void> {
    const answered = new Promise<boolean>((resolve) => this.#waiting.set(event.id, resolve));
    this.#socket.send(JSON.stringify(['EVENT', event]));
    if (!(await answered)) throw new Error('the city did not take an event of the bench');
    this.#waiting.delete(event.id);
  }
}

/** A person's key in hex, from their own screen. */
export const keyIn = async (page: Page): Promise<string> => {
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await page.getByText('Advanced').first().click();
  const npub = await page
    .getByText(/^npub1/)
    .first()
    .innerText();
  return String(decode(npub.trim() as `npub1${string}`).data);
};
