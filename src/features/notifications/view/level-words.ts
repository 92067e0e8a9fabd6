/** Levels as choices. */
import Bell from '@lucide/svelte/icons/bell';
import BellOff from '@lucide/svelte/icons/bell-off';
import AtSign from '@lucide/svelte/icons/at-sign';
import type { Component } from 'svelte';
import type { NoticeLevel } from '#client/store/local-events.ts';
import { m } from '#messages/paraglide/messages.js';

interface LevelChoice {
  readonly value: NoticeLevel;
  readonly title: string;
  readonly description: string;
  readonly icon: Component;
}

/** The three levels, from most to least. */
export const levelChoices = (): readonly LevelChoice[] => [
  {
    value: 'all',
    title: m.notifications_all(),
    description: m.notifications_all_words(),
    icon: Bell as Component,
  },
  {
    value: 'mentions',
    title: m.notifications_mentions(),
    description: m.notifications_mentions_words(),
    icon: AtSign as Component,
  },
  {
    value: 'nothing',
    title: m.notifications_nothing(),
    description: m.notifications_nothing_words(),
    icon: BellOff as Component,
  },
];
