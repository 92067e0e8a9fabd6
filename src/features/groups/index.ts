/** The door of the groups feature for the interface; `projection.ts` is the one for the store. */
export { default as GroupPanel } from './open/GroupPanel.svelte';
export { default as CreateGroup } from './make/CreateGroup.svelte';
export { default as InviteArrival } from './arrive/InviteArrival.svelte';
export { default as MyPlaces } from './places/MyPlaces.svelte';
export { GroupMaker } from './make/maker.svelte.ts';
export { joinGroup } from './model/commands.ts';
export { isGoodNews } from './model/good-news.ts';
export { isHere } from './model/standing.ts';
export { groups, requests } from './model/tables.ts';
export type { GroupRow } from './model/tables.ts';
export { Places } from './places/places.svelte.ts';
export { sharedPlaces } from './places/shared-places.ts';
export type { PlaceWork } from './make/place-work.ts';
export type { GroupTalk } from './open/group-panel.ts';
export type { MyPlaceRow } from './places/my-place.ts';
export type { Place } from './places/place.ts';
