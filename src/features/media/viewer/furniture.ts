/** What stands around a picture in the viewer: its words, and the way to keep it. */
import type PhotoSwipe from 'photoswipe';
import { m } from '#messages/paraglide/messages.js';

/** The words for those who cannot see, shown to everybody: under the picture, and said when it changes. */
export const addCaption = (viewer: PhotoSwipe, wordsAt: (index: number) => string): void => {
  viewer.ui?.registerElement({
    name: 'caption',
    className: 'city-caption',
    order: 9,
    isButton: false,
    appendTo: 'root',
    html: '',
    onInit: (element) => {
      element.setAttribute('role', 'status');
      element.dir = 'auto';
      const show = (): void => void (element.textContent = wordsAt(viewer.currIndex));
      viewer.on('change', show);
      show();
    },
  });
};

const icon = {
  isCustomSVG: true,
  inner:
    '<path d="M16 6v13m-5.5-5L16 19.5 21.500 14M8 25h16" fill="none" stroke="currentColor" stroke-width="2" id="city-save"/>',
  outlineID: 'city-save',
};

/** A button that saves the picture that is shown. */
export const addSave = (viewer: PhotoSwipe, save: (index: number) => unknown): void => {
  viewer.ui?.registerElement({
    name: 'save',
    title: m.media_show_save(),
    ariaLabel: m.media_show_save(),
    order: 8,
    isButton: true,
    html: icon,
    onClick: () => void save(viewer.currIndex),
  });
};
