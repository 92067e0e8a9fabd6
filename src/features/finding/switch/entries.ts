/** What the quick switcher goes to. */
import type { Component } from 'svelte';
import type { Named } from '../match/name-finder.ts';

/** A command handed in by the app. */
export interface Command {
  readonly id: string;
  readonly label: string;
  /** Other words it is found by. */
  readonly keywords: string;
  readonly icon?: Component | undefined;
  readonly run: () => unknown;
}

/** `conversation`: a place I am in. */
export interface SwitchTarget {
  readonly kind: 'conversation' | 'place' | 'person';
  /** The place's id or the public key; its arms are drawn from it. */
  readonly id: string;
  readonly label: string;
  /** What was said last, or where it lies. */
  readonly detail?: string | undefined;
  readonly unread?: number | undefined;
  /** Unix seconds of the last line. */
  readonly at?: number | undefined;
}

/** A place or a person somebody went to. */
export interface Visit {
  readonly kind: 'place' | 'person';
  readonly id: string;
}

/** Everything in the list; `key` names it among the others. */
export type SwitchEntry = Named & { readonly key: string } & (
    | { readonly kind: 'target'; readonly target: SwitchTarget }
    | { readonly kind: 'command'; readonly command: Command }
  );

/** Names a target: a place is the same place whether one is in it or not. */
export const targetKey = ({ kind, id }: Visit | SwitchTarget): string =>
  `${kind === 'person' ? 'person' : 'place'} ${id}`;

const RECENT = 2;
const UNREAD = 2;
const weights = { conversation: 1.5, place: 0, person: 0.5 };

/** Entries with the weight they have among equals: unread, mine, lately visited. */
export const switchEntries = (
  targets: readonly SwitchTarget[],
  commands: readonly Command[],
  recent: readonly string[],
): SwitchEntry[] => {
  const visited = new Set(recent);
  return [
    ...targets.map((target): SwitchEntry => {
      const key = targetKey(target);
      const weight =
        weights[target.kind] + (visited.has(key) ? RECENT : 0) + ((target.unread ?? 0) > 0 ? UNREAD : 0);
      return { kind: 'target', key, label: target.label, weight, target };
    }),
    ...commands.map((command): SwitchEntry => ({
      kind: 'command',
      key: `command ${command.id}`,
      label: command.label,
      keywords: command.keywords,
      weight: 1,
      command,
    })),
  ];
};
