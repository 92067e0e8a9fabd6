/** What can be done from the quick switcher. */
import Compass from '@lucide/svelte/icons/compass';
import Contrast from '@lucide/svelte/icons/contrast';
import FileDown from '@lucide/svelte/icons/file-down';
import LogIn from '@lucide/svelte/icons/log-in';
import Lock from '@lucide/svelte/icons/lock';
import MapIcon from '@lucide/svelte/icons/map';
import MessageCircle from '@lucide/svelte/icons/message-circle';
import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import Plus from '@lucide/svelte/icons/plus';
import SettingsIcon from '@lucide/svelte/icons/settings';
import Sun from '@lucide/svelte/icons/sun';
import TextSearch from '@lucide/svelte/icons/text-search';
import UserRound from '@lucide/svelte/icons/user-round';
import type { Component } from 'svelte';
import type { Command } from '#features/finding/index.ts';
import { m } from '#messages/paraglide/messages.js';
import type { Services } from '../services.ts';

/** What the commands act on. */
export type CommandGround = Pick<Services, 'account' | 'keeper' | 'map' | 'session' | 'theme'>;
type Go = (address: string) => unknown;
type Icon = Component;

const command = (
  id: string,
  label: string,
  keywords: string,
  icon: unknown,
  run: () => unknown,
): Command => ({
  id,
  label,
  keywords,
  icon: icon as Icon,
  run,
});

/** Those that make sense now, the likeliest first. Reactive. */
export const commandsFor = (ground: CommandGround, go: Go): Command[] => [
  command('new', m.finding_do_new(), m.finding_do_new_words(), Plus, () => go('/new')),
  command('search', m.finding_do_search(), m.finding_do_search_words(), TextSearch, () => go('/search')),
  ...roomCommands(go),
  command('life', m.finding_do_life(), m.finding_do_life_words(), Compass, () => {
    go('/');
    ground.map.flyToLife();
  }),
  ...accountCommands(ground),
  ...themeCommands(ground),
];

const roomCommands = (go: Go): Command[] => [
  command('map', m.finding_do_map(), m.finding_do_map_words(), MapIcon, () => go('/')),
  command('messages', m.finding_do_messages(), m.finding_do_messages_words(), MessageCircle, () =>
    go('/messages'),
  ),
  command('you', m.finding_do_you(), m.finding_do_you_words(), UserRound, () => go('/you')),
  command('settings', m.finding_do_settings(), m.finding_do_settings_words(), SettingsIcon, () =>
    go('/you/settings'),
  ),
];

const accountCommands = ({ account, keeper, session }: CommandGround): Command[] => {
  const commands: Command[] = [];
  if (!session.account)
    commands.push(
      command('join', m.finding_do_join(), m.finding_do_join_words(), LogIn, () =>
        session.requestAccount('join'),
      ),
    );
  if (session.account?.signer === 'device')
    commands.push(
      command('backup', m.finding_do_backup(), m.finding_do_backup_words(), FileDown, () =>
        account.exportRecovery(),
      ),
    );
  if (keeper.facts.canLock)
    commands.push(command('lock', m.finding_do_lock(), m.finding_do_lock_words(), Lock, () => keeper.lock()));
  return commands;
};

const themeCommands = ({ theme }: CommandGround): Command[] =>
  (
    [
      ['light', m.finding_do_light(), Sun],
      ['dark', m.finding_do_dark(), Moon],
      ['contrast', m.finding_do_contrast(), Contrast],
      ['system', m.finding_do_system(), Monitor],
    ] as const
  )
    .filter(([choice]) => choice !== theme.choice)
    .map(([choice, label, icon]) =>
      command(`theme-${choice}`, label, m.finding_do_theme_words(), icon, () => theme.choose(choice)),
    );
