/** Web addresses in text, made safe to press and honest to read. */
import { tokenize as linkify } from 'linkifyjs';
import type { Token } from './tokens.ts';

const REST_MAX = 48;
const HEAD = 28;
const TAIL = 12;

/** Letters of one alphabet only, with digits, dots and hyphens; Latin look-alikes beyond Europe's letters count as foreign. */
const oneAlphabet =
  /^(?:[a-z0-9.\-\u00df-\u00f6\u00f8-\u017f]+|[\p{Script=Cyrillic}0-9.-]+|[\p{Script=Greek}0-9.-]+|[\p{Script=Arabic}0-9.-]+|[\p{Script=Hebrew}0-9.-]+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}0-9.-]+|[\p{Script=Hangul}0-9.-]+|[\p{Script=Devanagari}0-9.-]+|[\p{Script=Thai}0-9.-]+)$/u;

const parseUrl = (text: string): URL | undefined => {
  try {
    const url = new URL(text);
    const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
    return isWeb && url.username === '' && url.password === '' ? url : undefined;
  } catch {
    return undefined;
  }
};

/** The host as typed where nothing about it can deceive, else as the network has it (punycode). */
const shownHost = (typed: string, url: URL): string => {
  const host = typed.toLowerCase();
  return oneAlphabet.test(host) && parseUrl(`https://${host}`)?.host === url.host ? host : url.host;
};

const shorten = (rest: string): string => {
  const points = Array.from(rest === '/' ? '' : rest);
  return points.length > REST_MAX
    ? `${points.slice(0, HEAD).join('')}…${points.slice(-TAIL).join('')}`
    : points.join('');
};

/** A link from text with `http(s)://` or `www.` in front; undefined for any other address, or one with a password. */
const linkToken = (text: string): Token | undefined => {
  const hasScheme = /^https?:\/\//i.test(text);
  if (!hasScheme && !/^www\./i.test(text)) return undefined;
  const url = parseUrl(hasScheme ? text : `https://${text}`);
  if (!url) return undefined;
  const address = hasScheme ? text.slice(text.indexOf('//') + 2) : text;
  const typed = /^[^/?#\\]*/.exec(address)?.[0] ?? '';
  const scheme = url.protocol === 'http:' ? 'http://' : '';
  const shown = `${scheme}${shownHost(typed, url)}${shorten(address.slice(typed.length))}`;
  return { type: 'link', text, href: url.href, shown };
};

/** Signs of weight (`**address**`) are not the address's. Bounded: an address of a thousand stars is no slower. */
const weightAtEnd = /(?:(?<!\*)\*{1,3}|(?<!~)~~)$/;

/** Cuts text at its web addresses. */
export const splitLinks = (text: string): Token[] => {
  const tokens: Token[] = [];
  let plain = '';
  for (const piece of linkify(text)) {
    const address = piece.v.replace(weightAtEnd, '');
    const link = piece.isLink && piece.t === 'url' ? linkToken(address) : undefined;
    if (!link) {
      plain += piece.v;
      continue;
    }
    if (plain !== '') tokens.push({ type: 'text', text: plain });
    plain = piece.v.slice(address.length);
    tokens.push(link);
  }
  if (plain !== '') tokens.push({ type: 'text', text: plain });
  return tokens;
};
