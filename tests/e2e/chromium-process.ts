/** A whole browser as a process of its own, on a folder that outlives it: to be killed, and to have its files read. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import type { Browser, BrowserContext } from '@playwright/test';

const executable = (): string => {
  const found = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  );
  return found ?? chromium.executablePath();
};

const ARGUMENTS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--password-store=basic',
  '--window-size=1280,800',
  '--remote-debugging-port=0',
];

export class ChromiumProcess {
  readonly #child: ChildProcess;
  readonly #browser: Browser;

  private constructor(child: ChildProcess, browser: Browser) {
    this.#child = child;
    this.#browser = browser;
  }

  /** Starts a browser on a profile's folder. */
  static async start(folder: string): Promise<ChromiumProcess> {
    const port = join(folder, 'DevToolsActivePort');
    await rm(port, { force: true });
    const child = spawn(executable(), [...ARGUMENTS, `--user-data-dir=${folder}`, 'about:blank'], {
      stdio: 'ignore',
      detached: true,
    });
    for (let tries = 0; tries < 600; tries++) {
      const [number = ''] = (await readFile(port, 'utf8').catch(() => '')).split('\n');
      if (number !== '') {
        const browser = await chromium.connectOverCDP(`http://127.0.0.1:${number}`);
        return new ChromiumProcess(child, browser);
      }
      await pause(50);
    }
    throw new Error('the browser did not start');
  }

  /** Its one context, which keeps everything in the folder. */
  get context(): BrowserContext {
    const [context] = this.#browser.contexts();
    if (!context) throw new Error('the browser is gone');
    return context;
  }

  /** As a power cut to the browser: all its processes at once, without a word. */
  async kill(): Promise<void> {
    const gone = this.#gone();
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL');
    await gone;
    await this.#browser.close().catch(() => undefined);
  }

  /** Closes it as a person does: everything that it writes at its end is written. */
  async quit(): Promise<void> {
    const gone = this.#gone();
    const session = await this.#browser.newBrowserCDPSession();
    await session.send('Browser.close').catch(() => undefined);
    await gone;
    await this.#browser.close().catch(() => undefined);
  }

  #gone(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) resolve();
      else this.#child.once('exit', () => resolve());
    });
  }
}
