/** Notifications' door. */
export { default as NotificationsPage } from './view/NotificationsPage.svelte';
export { default as PlaceNotices } from './view/PlaceNotices.svelte';
export { Bell } from './check/bell.svelte.ts';
export { browserFamily } from './check/browser.ts';
export { isNoticeSetting, notices, noticeSettings, parseLevel } from './levels/tables.ts';
export { Notices } from './levels/notices.svelte.ts';
