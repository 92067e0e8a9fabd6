/** Opens the pages of a document over everything else. Comes with its first press. */
import { mount, unmount } from 'svelte';
import PageViewer from './PageViewer.svelte';

/** Resolves when it is closed; the focus is then where it was. The file is a PDF, or says in the viewer that it is none. */
export const openPages = (file: Blob, name: string): Promise<void> =>
  new Promise((resolve) => {
    const viewer = mount(PageViewer, {
      target: document.body,
      props: {
        file,
        name,
        onclose: () => {
          void unmount(viewer);
          resolve();
        },
      },
    });
  });
