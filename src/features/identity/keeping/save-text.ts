/** Hands a text file to the person. */
export type SaveText = (fileName: string, text: string) => void;

/** Saves through the browser's own download. */
export const downloadText: SaveText = (fileName, text) => {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};
