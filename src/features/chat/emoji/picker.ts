/** The emoji picker, fetched on first use; its data is part of the app, and no other host is asked. */
import dataSource from 'emoji-picker-element-data/en/cldr/data.json?url';
import type Picker from 'emoji-picker-element/picker';
import { m } from '#messages/paraglide/messages.js';
import { getLocale } from '#messages/paraglide/runtime.js';

/** Six for one press. */
export const QUICK_EMOJI: readonly string[] = ['👍', '❤️', '😂', '🎉', '😮', '😢'];

const categories = () => ({
  custom: m.chat_cat_custom(),
  'smileys-emotion': m.chat_cat_smileys(),
  'people-body': m.chat_cat_people(),
  'animals-nature': m.chat_cat_animals(),
  'food-drink': m.chat_cat_food(),
  'travel-places': m.chat_cat_travel(),
  activities: m.chat_cat_activities(),
  objects: m.chat_cat_objects(),
  symbols: m.chat_cat_symbols(),
  flags: m.chat_cat_flags(),
});

const words = () => ({
  emojiUnsupportedMessage: m.chat_picker_unsupported(),
  loadingMessage: m.chat_picker_loading(),
  networkErrorMessage: m.chat_picker_failed(),
  regionLabel: m.chat_picker_region(),
  searchLabel: m.chat_picker_search(),
  searchResultsLabel: m.chat_picker_results(),
  searchDescription: m.chat_picker_describe(),
  categoriesLabel: m.chat_picker_categories(),
  favoritesLabel: m.chat_picker_favorites(),
  // The picker puts the tone's name in by itself.
  skinToneLabel: m.chat_picker_tone({ skinTone: '{skinTone}' }),
  skinToneDescription: m.chat_picker_tone_describe(),
  skinTonesLabel: m.chat_picker_tones(),
  skinTones: [
    m.chat_tone_default(),
    m.chat_tone_light(),
    m.chat_tone_medium_light(),
    m.chat_tone_medium(),
    m.chat_tone_medium_dark(),
    m.chat_tone_dark(),
  ],
  categories: categories(),
});

/** Makes a picker that hands over what was chosen. */
export const makePicker = async (onpick: (emoji: string) => void): Promise<Picker> => {
  const { default: PickerElement } = await import('emoji-picker-element/picker');
  const picker = new PickerElement({ dataSource, locale: 'en', i18n: words() });
  picker.lang = getLocale();
  picker.addEventListener('emoji-click', (event) => {
    if (event.detail.unicode) onpick(event.detail.unicode);
  });
  return picker;
};
