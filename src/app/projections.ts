/** Every feature's projection, in one list for the store worker. */
import { chatProjection } from '#features/chat/projection.ts';
import { groupsProjection } from '#features/groups/projection.ts';
import { identityProjection } from '#features/identity/projection.ts';
import { notificationsProjection } from '#features/notifications/projection.ts';
import { peopleProjection } from '#features/people/projection.ts';
import { settingsProjection } from '#features/settings/projection.ts';
import { directProjection } from '#client/direct/projection.ts';
import { listsProjection } from '#client/lists/projection.ts';
import { ownValuesProjection } from '#client/own-values/projection.ts';
import type { Projection } from '#client/store/projection.ts';

export const projections: readonly Projection[] = [
  groupsProjection,
  peopleProjection,
  chatProjection,
  identityProjection,
  settingsProjection,
  notificationsProjection,
  directProjection,
  ownValuesProjection,
  listsProjection,
];
