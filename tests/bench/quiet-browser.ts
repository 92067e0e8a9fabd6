/** A Chromium that nobody looks over the shoulder of: Playwright listens to every request and holds what is sent and received. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { BROWSER_FLAGS } from './rows.ts';

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
}

/** Its own protocol over one connection. */
class Line {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #next = 1;

  static async open(address: string): Promise<Line> {
    const socket = new WebSocket(address, { maxPayload: 1 << 30 });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new Line(socket);
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (text: Buffer) => {
      const answer = JSON.parse(text.toString()) as Answer;
      this.#waiting.get(answer.id ?? 0)?.(answer);
    });
  }

  async ask<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = this.#next++;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    const { result, error } = await answered;
    this.#waiting.delete(id);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  close(): void {
    this.#socket.close();
  }
}

export interface QuietPage {
  /** What an expression comes to, waited for. */
  evaluate<T>(expression: string): Promise<T>;
  /** Puts files of this machine into an `<input type=file>`. */
  choose(selector: string, files: readonly string[]): Promise<void>;
  /** Lets go of whatever the page itself (not its workers) holds no longer. */
  collect(): Promise<void>;
}

export interface QuietBrowser {
  open(url: string): Promise<QuietPage>;
  /** Bytes that the largest page's process holds, its workers included; not what lies in files. */
  memory(): Promise<number>;
  close(): Promise<void>;
}

const pageOf = async (line: Line, url: string): Promise<QuietPage> => {
  const { targetId } = await line.ask<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await line.ask<{ sessionId: string }>('Target.attachToTarget', {
    targetId,
    flatten: true,
  });
  const evaluate = async <T>(expression: string): Promise<T> => {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const done = await line.ask<Evaluated>('Runtime.evaluate', params, sessionId);
    if (done.exceptionDetails) throw new Error(done.exceptionDetails.exception?.description ?? expression);
    return done.result.value as T;
  };
  await line.ask('Page.navigate', { url }, sessionId);
  return {
    evaluate,
    collect: () => line.ask('HeapProfiler.collectGarbage', {}, sessionId),
    choose: async (selector, files) => {
      const { root } = await line.ask<{ root: { nodeId: number } }>('DOM.getDocument', {}, sessionId);
      const asked = { nodeId: root.nodeId, selector };
      const { nodeId } = await line.ask<{ nodeId: number }>('DOM.querySelector', asked, sessionId);
      await line.ask('DOM.setFileInputFiles', { nodeId, files }, sessionId);
    },
  };
};

const heldBy = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
  return (kilobytes('RssAnon') + kilobytes('RssShmem')) * 1024;
};

/** Starts one with a profile of its own. */
export const startQuietBrowser = async (executable: string): Promise<QuietBrowser> => {
  const profile = mkdtempSync(join(tmpdir(), 'quiet-'));
  const flags = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
  const child = spawn(executable, [...BROWSER_FLAGS, ...flags, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      const found = /DevTools listening on (\S+)/.exec((said += text.toString()))?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`the browser did not start: ${said}`)));
  });
  const line = await Line.open(address);
  return {
    open: (url) => pageOf(line, url),
    memory: async () => {
      const { processInfo } = await line.ask<{ processInfo: { type: string; id: number }[] }>(
        'SystemInfo.getProcessInfo',
      );
      const pages = processInfo.filter(({ type }) => type === 'renderer');
      return Math.max(...(await Promise.all(pages.map(({ id }) => heldBy(id).catch(() => 0)))));
    },
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await line.ask('Browser.close').catch(() => undefined);
      line.close();
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
