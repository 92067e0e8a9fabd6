/** The viewer: every picture of the conversation large, by fingers, mouse or keys. Its library is loaded with the first press. */
import PhotoSwipe from 'photoswipe';
import type { SlideData } from 'photoswipe';
import 'photoswipe/style.css';
import './viewer.css';
import type { MediaLoader } from '#client/media/loading/loader.ts';
import type { Loaded } from '#client/media/loading/source.ts';
import { m } from '#messages/paraglide/messages.js';
import { extensionOf } from '#protocol/media/types.ts';
import { saveAs } from '../view/save.ts';
import { troubleWords } from '../view/words.ts';
import { addCaption, addSave } from './furniture.ts';
import type { Hung } from '../view/gallery.ts';

/** A picture of the viewer with what is loaded of it. */
class Slide {
  readonly hung: Hung;
  readonly #loader: MediaLoader;
  #blob: Promise<Loaded<Blob>> | undefined;
  #url: string | undefined;

  constructor(hung: Hung, loader: MediaLoader) {
    this.hung = hung;
    this.#loader = loader;
  }

  /** Sizes as its sender says; a guess until its bytes tell. */
  get data(): SlideData {
    const { file, tile } = this.hung;
    const small = tile?.querySelector('img')?.src;
    return {
      type: 'image',
      width: file.width ?? 1600,
      height: file.height ?? 1200,
      alt: file.alt ?? file.name ?? m.media_show_picture(),
      thumbCropped: true,
      ...(tile === undefined ? {} : { element: tile }),
      ...(small === undefined ? {} : { msrc: small }),
    };
  }

  load(): Promise<Loaded<Blob>> {
    const { file, author } = this.hung;
    return (this.#blob ??= this.#loader.load({ ...file, author }));
  }

  async url(): Promise<Loaded<string>> {
    const found = await this.load();
    if (!found.ok) {
      this.#blob = undefined;
      return found;
    }
    this.#url ??= URL.createObjectURL(found.value);
    return { ok: true, value: this.#url };
  }

  async save(): Promise<void> {
    const found = await this.load();
    const { name, type } = this.hung.file;
    if (found.ok) saveAs(found.value, name ?? `${m.media_show_picture()}.${extensionOf(type)}`);
  }

  release(): void {
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url);
  }
}

const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

const makeViewer = (slides: readonly Slide[], at: number): PhotoSwipe =>
  new PhotoSwipe({
    dataSource: slides.map(({ data }) => data),
    index: at,
    bgOpacity: 1,
    mainClass: 'city-viewer',
    loop: false,
    wheelToZoom: true,
    showHideAnimationType: isStill() ? 'none' : 'zoom',
    ...(isStill() ? { zoomAnimationDuration: false } : {}),
    paddingFn: () => ({ top: 56, bottom: 72, left: 0, right: 0 }),
    closeTitle: m.media_show_viewer_close(),
    zoomTitle: m.media_show_viewer_zoom(),
    arrowPrevTitle: m.media_show_viewer_previous(),
    arrowNextTitle: m.media_show_viewer_next(),
    errorMsg: m.media_show_unreachable(),
    indexIndicatorSep: ' / ',
  });

type Content = PhotoSwipe['contentLoader'] extends { addToCache(content: infer C): void } ? C : never;

/** What nobody measured is measured when it is here. */
const remeasure = (content: Content, image: HTMLImageElement, slide: Slide): void => {
  if (slide.hung.file.width !== undefined) return;
  content.width = image.naturalWidth;
  content.height = image.naturalHeight;
  if (!content.slide) return;
  content.slide.width = content.width;
  content.slide.height = content.height;
  content.slide.resize();
};

const fill = async (content: Content, slide: Slide): Promise<void> => {
  const image = content.element as HTMLImageElement;
  image.alt = content.data.alt ?? '';
  content.state = 'loading';
  const url = await slide.url();
  if (!url.ok) {
    content.data['trouble'] = troubleWords(url.error.code);
    return content.onError();
  }
  image.onload = () => {
    remeasure(content, image, slide);
    content.onLoaded();
  };
  image.onerror = () => content.onError();
  image.src = url.value;
};

const errorElement = (words: string): HTMLElement => {
  const element = document.createElement('p');
  element.className = 'pswp__error-msg';
  element.textContent = words;
  return element;
};

/** Opens the viewer at one of these pictures; resolves when it is closed. */
export const openViewer = (pictures: readonly Hung[], at: number, loader: MediaLoader): Promise<void> =>
  new Promise((resolve) => {
    const slides = pictures.map((hung) => new Slide(hung, loader));
    const viewer = makeViewer(slides, at);
    const before = document.activeElement;
    viewer.on('contentLoadImage', (event) => {
      const slide = slides[event.content.index];
      if (!slide) return;
      event.preventDefault();
      void fill(event.content, slide);
    });
    viewer.addFilter('contentErrorElement', (_element, content) =>
      errorElement(String(content.data['trouble'] ?? m.media_show_unreachable())),
    );
    viewer.on('uiRegister', () => {
      addCaption(viewer, (index) => slides[index]?.hung.file.alt ?? '');
      addSave(viewer, (index) => slides[index]?.save());
    });
    viewer.on('afterInit', () => {
      viewer.element?.setAttribute('aria-label', m.media_show_viewer());
      viewer.element?.setAttribute('aria-modal', 'true');
    });
    viewer.on('destroy', () => {
      slides.forEach((slide) => slide.release());
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
      resolve();
    });
    viewer.init();
  });
