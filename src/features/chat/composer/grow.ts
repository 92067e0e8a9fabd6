/** An attachment: keeps a text area as tall as its words. `text` is read so that it runs again with them. */
export const grow =
  (text: () => string) =>
  (area: HTMLTextAreaElement): void => {
    text();
    area.style.blockSize = 'auto';
    area.style.blockSize = `${area.scrollHeight}px`;
  };
