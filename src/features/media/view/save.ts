/** Downloads, as the browser makes them: of bytes that are here, or from an address that gives nothing but a download. */

/** A minute is enough for the browser to begin. */
const BEGINNING = 60_000;

/** Offers bytes under a name. */
export const saveAs = (blob: Blob, name: string): void => {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), BEGINNING);
};

/** In a frame that nobody sees: a link of the page with `download` would pass the service worker by, and one without leave the page. */
export const beginDownload = (url: string): void => {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.src = url;
  document.body.append(frame);
  setTimeout(() => frame.remove(), BEGINNING);
};
