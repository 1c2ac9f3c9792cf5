import Type, { type Static } from 'typebox';
import { notModified, tagged } from '../conditional.ts';
import { flag, instant, integer, list, nullable, object, text, userReference } from '../fields.ts';
import { route } from '../route.ts';
import { sampleInstants } from './samples.ts';

const tag = 'Preferences';
// Members set their own; an admin those of everybody in the organization.
const auth = { roles: ['admin', 'member'], scope: 'preferences' } as const;
const byUser = object({ id: userReference() });
const byUserExample = { id: 'me' };

/**
 * The shape of a window only. Whether it can be understood (time, zone, weekdays) is judged by the same
 * function that reads it later, and answered with 422.
 */
const start = text(16, 'First quiet minute on the wall, `HH:MM`.');
const end = text(
  16,
  'First minute that is not quiet any more, `HH:MM`; before `start` it is on the next day.',
);
const zone = text(64, 'IANA time zone, for example Europe/Berlin. Null: that of the user.');
const days = list(
  integer(-1000, 1000, 'ISO weekday, Monday 1 to Sunday 7.'),
  31,
  'Weekdays on which it starts; the morning after belongs to it. Null: every day.',
);

/** The members of a window in a request. */
export const windowFields = {
  start,
  end,
  zone: Type.Optional(nullable(zone)),
  days: Type.Optional(nullable(days)),
};

/** A window as it is stored: kept as it was sent. */
export const QuietWindow = object({ start, end, zone: nullable(zone), days: nullable(days) });
export type QuietWindow = Static<typeof QuietWindow>;

const urgentPasses = flag('Whether urgent notifications come through all the same.');

/** When a user is left in peace. */
export const QuietHours = object({
  start: nullable(start),
  end: nullable(end),
  zone: nullable(zone),
  days: nullable(days),
  urgent_passes: urgentPasses,
  muted_until: nullable(instant('Until when everything is held; null when not muted.')),
  updated_at: nullable(instant('When it was last changed; null when it was never set.')),
});
export type QuietHours = Static<typeof QuietHours>;

const quietHoursExample: QuietHours = {
  ...{ start: '22:00', end: '07:00', zone: 'Europe/Berlin', days: [1, 2, 3, 4, 7] },
  ...{ urgent_passes: true, muted_until: null, updated_at: sampleInstants.created },
};

export const getQuietHours = route({
  operationId: 'getQuietHours',
  method: 'GET',
  path: '/v1/users/{id}/quiet-hours',
  summary: 'Get quiet hours and mute',
  description: 'Members read their own.',
  tag,
  auth,
  params: byUser,
  responses: {
    200: { description: 'As it is now.', schema: QuietHours, example: quietHoursExample, headers: tagged },
    304: notModified,
  },
  example: { params: byUserExample },
});

export const setQuietHours = route({
  operationId: 'setQuietHours',
  method: 'PUT',
  path: '/v1/users/{id}/quiet-hours',
  summary: 'Set quiet hours',
  description:
    'Replaces the window as a whole; a mute stays. What is held is decided again at once. Preferences may carry windows of their own, which go before.',
  tag,
  auth,
  params: byUser,
  body: object({ ...windowFields, urgent_passes: Type.Optional(urgentPasses) }),
  problems: [412, 422],
  responses: {
    200: { description: 'As it is now.', schema: QuietHours, example: quietHoursExample, headers: tagged },
  },
  example: {
    params: byUserExample,
    body: { start: '22:00', end: '07:00', zone: 'Europe/Berlin', days: [1, 2, 3, 4, 7], urgent_passes: true },
  },
});

export const deleteQuietHours = route({
  operationId: 'deleteQuietHours',
  method: 'DELETE',
  path: '/v1/users/{id}/quiet-hours',
  summary: 'Remove quiet hours',
  description: 'What they hold is sent at once, unless something else holds it. A mute stays.',
  tag,
  auth,
  params: byUser,
  problems: [412],
  responses: { 204: { description: 'There are none.' } },
  example: { params: byUserExample },
});

export const muteUser = route({
  operationId: 'muteUser',
  method: 'POST',
  path: '/v1/users/{id}/mute',
  summary: 'Mute until an instant',
  description:
    'Everything that is not mandatory is held until then; urgent notifications come through where `urgent_passes` is true. The inbox goes on.',
  tag,
  auth,
  idempotency: 'natural',
  params: byUser,
  body: object({ until: instant('The end, in the future.') }),
  problems: [422],
  responses: {
    200: {
      description: 'As it is now.',
      schema: QuietHours,
      example: { ...quietHoursExample, muted_until: sampleInstants.farAway },
    },
  },
  example: { params: byUserExample, body: { until: sampleInstants.farAway } },
});

export const unmuteUser = route({
  operationId: 'unmuteUser',
  method: 'DELETE',
  path: '/v1/users/{id}/mute',
  summary: 'End a mute',
  description: 'What it holds is sent at once, unless quiet hours hold it. A repeat changes nothing.',
  tag,
  auth,
  params: byUser,
  responses: { 204: { description: 'Not muted.' } },
  example: { params: byUserExample },
});
