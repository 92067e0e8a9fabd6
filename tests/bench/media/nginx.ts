/** nginx over a folder, as a process of its own; undefined where the machine has none. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface WebServer {
  readonly name: string;
  readonly url: string;
  close(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const settingsOf = (folder: string, port: number): string => `
worker_processes 1; pid ${folder}/pid; error_log ${folder}/log; daemon off;
events { worker_connections 256; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  open_file_cache max=100;
  client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3;
  uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
  server { listen 127.0.0.1:${port}; root ${folder}/files; default_type image/png; }
}`;

const versionOf = (): string | undefined => {
  try {
    // nginx tells its version on standard error.
    return /nginx\/[\d.]+/.exec(execFileSync('sh', ['-c', 'nginx -v 2>&1'], { encoding: 'utf8' }))?.[0];
  } catch {
    return undefined;
  }
};

/** Starts nginx with one file. */
export const startNginx = async (name: string, bytes: Buffer): Promise<WebServer | undefined> => {
  const version = versionOf();
  if (version === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  mkdirSync(join(folder, 'files'), { mode: 0o755 });
  execFileSync('chmod', ['755', folder]);
  writeFileSync(join(folder, 'files', name), bytes, { mode: 0o644 });
  const port = await freePort();
  writeFileSync(join(folder, 'conf'), settingsOf(folder, port));
  const child = spawn('nginx', ['-c', join(folder, 'conf'), '-p', folder], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 100; i++) {
    if ((await fetch(`${url}/${name}`, { method: 'HEAD' }).catch(() => undefined))?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    name: version,
    url,
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGQUIT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
