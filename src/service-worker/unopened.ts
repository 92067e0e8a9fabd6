/** What a person sees when the app's files are neither on the device nor to be had: plain words, nothing that could be poisoned. */
import { m } from '#messages/paraglide/messages.js';

const STYLE = `
  body { display: grid; place-content: center; gap: .75rem; min-block-size: 100dvh; margin: 0; padding: 1.5rem; box-sizing: border-box;
    text-align: center; font: 1rem/1.45 system-ui, sans-serif; background: oklch(0.985 0.006 85); color: oklch(0.22 0.02 260); }
  h1 { margin: 0; font: 600 1.75rem/1.2 'Iowan Old Style', Charter, 'Noto Serif', Georgia, serif; }
  p { max-inline-size: 32rem; margin: 0 auto; }
  a { color: inherit; }
  @media (prefers-color-scheme: dark) { body { background: oklch(0.19 0.015 260); color: oklch(0.93 0.01 85); } }
`;

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`);

/** The page; runs no script, and its link asks for the same address again. */
export const unopenedPage = (): Response => {
  // A worker has no chosen language: the page speaks the app's first one.
  const speak = { locale: 'en' } as const;
  const title = escaped(m.installed_unopened_title({}, speak));
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${title}</title><style>${STYLE}</style></head><body><main><h1>${title}</h1>
<p>${escaped(m.installed_unopened_words({}, speak))}</p>
<p><a href="">${escaped(m.installed_unopened_again({}, speak))}</a></p></main></body></html>`;
  return new Response(body, {
    status: 503,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
    },
  });
};
