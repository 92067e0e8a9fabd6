/** Hands a conversation's composers their link cards, one a place for as long as the page lives. */
import { askPreview } from '#client/media/previews/ask-preview.ts';
import { uploadsOf } from '#client/media/media.ts';
import { LinkCard, provideLinkCards } from '#features/chat/index.ts';
import type { Services } from '../services.ts';

type Parts = Pick<Services, 'media' | 'settings'>;

const made = new WeakMap<Parts['media'], Map<string, LinkCard>>();

const cardsOf = (media: Parts['media']): Map<string, LinkCard> => {
  const cards = made.get(media) ?? new Map<string, LinkCard>();
  made.set(media, cards);
  return cards;
};

/** For every conversation beneath; to be called while a component is made. */
export const provideCards = ({ media, settings }: Parts, { isPrivate }: { isPrivate: boolean }): void => {
  const cards = cardsOf(media);
  const make = (): LinkCard =>
    new LinkCard({
      ask: askPreview((input, init) => fetch(input, init)),
      offer: (file) => media.offer(file),
      withdraw: (file) => uploadsOf([file]).forEach((hash) => void media.cancel(hash)),
      // Private talk asks each time anyway.
      isOn: () => isPrivate || settings.makesPreviews,
      isPrivate,
    });
  provideLinkCards({
    of(place) {
      const card = cards.get(place) ?? make();
      cards.set(place, card);
      return card;
    },
  });
};
