/** Which addresses may be asked at all, as far as their text tells. */

const MAX_LENGTH = 2048;
const PORTS: ReadonlySet<string> = new Set(['', '80', '443']);

/**
 * An address that may be asked: http or https on their usual ports, no name and password in it. Undefined otherwise. The URL
 * parser turns numbers that mean an IPv4 address (decimal, octal, hex, short forms) into its plain form.
 */
export const parseTarget = (
  address: string,
  otherPorts: ReadonlySet<number> = new Set(),
): URL | undefined => {
  if (address.length > MAX_LENGTH || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  if (url.username !== '' || url.password !== '' || url.hostname === '') return undefined;
  if (!PORTS.has(url.port) && !otherPorts.has(Number(url.port))) return undefined;
  url.hash = '';
  return url.href.length <= MAX_LENGTH ? url : undefined;
};
