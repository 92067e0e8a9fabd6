/** Readers that cost next to nothing themselves: raw connections that ask again as soon as a whole answer has come. */
import { connect } from 'node:net';

/** Bytes of one whole answer, head included: every answer to the same question is as long. */
const answerLength = (url: URL): Promise<number> =>
  new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(url.port), url.hostname, () =>
      socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`),
    );
    socket.on('error', reject);
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.destroy();
      if (!text.startsWith('HTTP/1.1 200')) return reject(new Error(text.slice(0, end)));
      resolve(end + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0));
    });
  });

const read = (url: URL, length: number, end: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const question = `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`;
    let [total, rest] = [0, length];
    const socket = connect({
      port: Number(url.port),
      host: url.hostname,
      onread: {
        buffer: Buffer.alloc(256 * 1024),
        callback: (count) => {
          total += count;
          rest -= count;
          if (rest > 0) return true;
          if (performance.now() >= end) {
            socket.destroy();
            resolve(total);
            return false;
          }
          rest += length;
          socket.write(question);
          return true;
        },
      },
    });
    socket.on('error', reject);
    socket.on('connect', () => socket.write(question));
  });

/** Bytes a second that so many readers get of one address within a while. */
export const readAll = async (address: string, readers: number, milliseconds: number): Promise<number> => {
  const url = new URL(address);
  const length = await answerLength(url);
  const since = performance.now();
  const totals = await Promise.all(
    Array.from({ length: readers }, () => read(url, length, since + milliseconds)),
  );
  return totals.reduce((sum, one) => sum + one, 0) / ((performance.now() - since) / 1000);
};
