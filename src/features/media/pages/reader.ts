/** PDF files: read in a worker of their own, which runs no program of theirs and asks no address. */
import workerSrc from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import type { PDFDocumentLoadingTask, PDFDocumentProxy } from 'pdfjs-dist';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

/** Begins to read; the caller destroys the task, which ends its worker. */
export const beginReading = async (file: Blob): Promise<PDFDocumentLoadingTask> => {
  const reader = await import('pdfjs-dist');
  reader.GlobalWorkerOptions.workerSrc = workerSrc;
  return reader.getDocument({
    data: new Uint8Array(await file.arrayBuffer()),
    isEvalSupported: false,
    enableXfa: false,
    stopAtErrors: false,
    useWorkerFetch: false,
  });
};

/** A size on paper, in CSS pixels at scale 1. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/** A document whose pages can be drawn. */
export interface OpenDocument {
  readonly pages: PDFDocumentProxy;
  /** Of every page the first one's size, until the page itself was met. */
  readonly sizes: readonly PageSize[];
  /** Lets go of the document and of its worker. */
  readonly close: () => void;
}

/** `locked`: it wants a password; `damaged`: it is no PDF, or cannot be read. */
export type OpenFailure = Failure<'locked' | 'damaged'>;

const opened = async (task: PDFDocumentLoadingTask): Promise<OpenDocument> => {
  const pages = await task.promise;
  const { width, height } = (await pages.getPage(1)).getViewport({ scale: 1 });
  const sizes = Array.from({ length: pages.numPages }, () => ({ width, height }));
  return { pages, sizes, close: () => void task.destroy() };
};

/** Never throws for what is in the file. */
export const openDocument = async (file: Blob): Promise<Result<OpenDocument, OpenFailure>> => {
  const task = await beginReading(file);
  try {
    return ok(await opened(task));
  } catch (cause) {
    void task.destroy();
    const isLocked = cause instanceof Error && cause.name === 'PasswordException';
    return isLocked
      ? fail('locked', 'the document wants a password')
      : fail('damaged', 'the document cannot be read', cause);
  }
};
