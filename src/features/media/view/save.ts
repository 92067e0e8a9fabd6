/** A file leaves for the person's own folder: the one moment when it is written down readable, because they asked for it. */

/** Offers bytes under a name, as every download. */
export const saveAs = (blob: Blob, name: string): void => {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after the press; a minute is enough for it to begin.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};
