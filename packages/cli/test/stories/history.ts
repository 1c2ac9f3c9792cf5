import fc from 'fast-check';

/** Something that changes what is decided: a call of the API. `{user}` in the path stands for the reader. */
export interface Change {
  method: 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  body?: Record<string, unknown>;
  /** Minutes from the clock of the database, for `until` in the body. */
  untilMinutes?: number;
}

/** What is sent then, some time after the notification before. */
export interface Sending {
  afterMinutes: number;
  body: Record<string, unknown>;
  /** It is a reminder that the reader set: it passes quiet time. */
  isReminder: boolean;
}

export interface Chapter {
  changes: Change[];
  sending: Sending;
}

const times = fc.integer({ min: 0, max: 47 }).map((half) => {
  return `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`;
});
const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Chatham');
const weekdays = fc.option(fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }), { nil: null });
const window = fc.record({ start: times, end: times, zone: zones, days: weekdays });
const kinds = fc.constantFrom('inbox', 'email', 'null');
const externalKinds = fc.subarray(['email', 'null']);
/** The ordinary one more often, so that each is met. */
const modes = fc.constantFrom('hold', 'hold', 'hold', 'drop', 'digest', 'off');
const categories = fc.constantFrom('general', 'billing', 'builds');
const templates = fc.constantFrom('build', 'invoice');

const preferring = fc
  .record(
    {
      category: categories,
      environment: fc.constant('production'),
      project: fc.constant('shop'),
      kind: kinds,
      enabled: fc.boolean(),
      quiet_hours: window,
      quiet_mode: modes,
    },
    { requiredKeys: [] },
  )
  .map((body): Change => ({ method: 'PUT', path: '/v1/users/{user}/preferences', body }));

const quietHours = fc
  .record({ window, urgentPasses: fc.boolean() })
  .map(({ window: hours, urgentPasses }): Change => {
    return {
      ...{ method: 'PUT', path: '/v1/users/{user}/quiet-hours' },
      body: { ...hours, urgent_passes: urgentPasses },
    };
  });

const muting = fc.integer({ min: 10, max: 3_000 }).map((untilMinutes): Change => {
  return { method: 'POST', path: '/v1/users/{user}/mute', body: {}, untilMinutes };
});

const templatePreference = fc
  .record({ template: templates, kind: kinds, enabled: fc.boolean() })
  .map((body): Change => ({ method: 'PUT', path: '/v1/users/{user}/template-preferences', body }));

const category = fc
  .tuple(
    categories,
    fc.record(
      { mandatory: fc.boolean(), quiet_mode: modes, default_enabled: fc.boolean() },
      { requiredKeys: [] },
    ),
  )
  .map(([key, body]): Change => ({ method: 'PUT', path: `/v1/categories/${key}`, body }));

const templateSettings = fc
  .tuple(
    templates,
    fc.record(
      {
        enabled: fc.boolean(),
        mandatory: fc.boolean(),
        urgent: fc.boolean(),
        default_enabled: fc.option(fc.boolean(), { nil: null }),
        dispatch_method: fc.constantFrom('email', null),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([key, body]): Change => ({ method: 'PATCH', path: `/v1/templates/${key}`, body }));

const others = fc.oneof(
  fc.constant<Change>({ method: 'DELETE', path: '/v1/users/{user}/quiet-hours' }),
  fc.constant<Change>({ method: 'DELETE', path: '/v1/users/{user}/mute' }),
  externalKinds.map((channels): Change => ({ method: 'PUT', path: '/v1/paused', body: { channels } })),
  zones.map((zone): Change => ({ method: 'PATCH', path: '/v1/users/{user}', body: { zone } })),
  fc.constantFrom('de', 'en').map((locale): Change => {
    return { method: 'PATCH', path: '/v1/users/{user}', body: { locale } };
  }),
);

const mailChannel = fc.boolean().map((enabled): Change => {
  return { method: 'PATCH', path: '/v1/channels/{mail}', body: { enabled } };
});

const address = fc.nat(99).map((number): Change => {
  const body = { kind: 'email', address: `reader-${number}@example.org` };
  return { method: 'POST', path: '/v1/users/{user}/contact-points', body };
});

const steps = fc.array(
  fc.oneof(
    fc.constantFrom('notify_by_email', 'notify_by_slack').map((type) => ({ type })),
    fc.integer({ min: 60, max: 86_400 }).map((seconds) => ({ type: 'wait', wait_seconds: seconds })),
  ),
  { maxLength: 4 },
);
const rules = fc.record({ steps, important: fc.boolean() }).map((body): Change => {
  return { method: 'PUT', path: '/v1/users/{user}/rules', body };
});

const change = fc.oneof(
  { weight: 4, arbitrary: preferring },
  { weight: 5, arbitrary: quietHours },
  { weight: 3, arbitrary: muting },
  { weight: 2, arbitrary: templatePreference },
  { weight: 2, arbitrary: category },
  { weight: 2, arbitrary: templateSettings },
  { weight: 1, arbitrary: mailChannel },
  { weight: 1, arbitrary: address },
  { weight: 2, arbitrary: others },
  { weight: 2, arbitrary: rules },
);

const where = fc.record(
  { environment: fc.constant('production'), project: fc.constant('shop'), urgent: fc.boolean() },
  { requiredKeys: [] },
);
const ownWords = fc.record({
  title: fc.constant('Plain **words**'),
  body: fc.constant('_Body_'),
  category: categories,
});
const templated = fc.record({
  template: templates,
  data: fc.record({ number: fc.nat(99), name: fc.constantFrom('<b>', 'Ada') }, { requiredKeys: [] }),
});
const restricted = fc.option(
  fc.record({ channels: fc.subarray(['inbox', 'email', 'null'], { minLength: 1 }) }),
  {
    nil: {},
    freq: 4,
  },
);

const sending = fc.record({
  afterMinutes: fc.integer({ min: 1, max: 2_000 }),
  body: fc
    .tuple(where, fc.oneof(ownWords, templated), restricted)
    .map((parts) => Object.assign({}, ...parts)),
  isReminder: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
});

/** What happens to one reader: changes of anything that counts, and notifications in between. */
export const histories: fc.Arbitrary<Chapter[]> = fc.array(
  fc.record({ changes: fc.array(change, { maxLength: 4 }), sending }),
  { minLength: 3, maxLength: 6 },
);

const put = (path: string, body: Record<string, unknown>): Change => ({ method: 'PUT', path, body });
const words = { title: 'Words', body: '_Body_', category: 'general' };
const allDay = { start: '00:00', end: '23:59', zone: 'Europe/Berlin', days: null, urgent_passes: true };

function chapter(changes: Change[], body: Record<string, unknown> = words, isReminder = false): Chapter {
  return { changes, sending: { afterMinutes: 30, body, isReminder } };
}

/** In the one minute that the window leaves out nothing is held: of two half an hour apart one is. */
function twice(changes: Change[]): Chapter[] {
  return [chapter(changes), chapter([])];
}

/** A history that meets each of the reasons, whatever the time is when it begins. */
export const everyReason: Chapter[] = [
  chapter([], { ...words, channels: ['inbox'] }),
  ...twice([put('/v1/users/{user}/quiet-hours', allDay)]),
  ...twice([put('/v1/categories/general', { quiet_mode: 'drop' })]),
  ...twice([put('/v1/categories/general', { quiet_mode: 'digest' })]),
  ...twice([put('/v1/categories/general', { quiet_mode: 'hold' })]),
  chapter([], { ...words, urgent: true }),
  chapter([], words, true),
  chapter([{ method: 'POST', path: '/v1/users/{user}/mute', body: {}, untilMinutes: 3_000 }]),
  chapter([
    { method: 'DELETE', path: '/v1/users/{user}/mute' },
    { method: 'DELETE', path: '/v1/users/{user}/quiet-hours' },
    put('/v1/users/{user}/preferences', { category: 'general', kind: 'email', enabled: false }),
  ]),
  chapter([put('/v1/categories/general', { mandatory: true })]),
  chapter([put('/v1/categories/builds', { default_enabled: false })], { ...words, category: 'builds' }),
  chapter(
    [put('/v1/users/{user}/template-preferences', { template: 'build', kind: 'email', enabled: false })],
    {
      template: 'build',
      data: { number: 7, name: 'Ada' },
    },
  ),
  chapter([{ method: 'PATCH', path: '/v1/templates/invoice', body: { default_enabled: false } }], {
    template: 'invoice',
    data: { number: 7, name: 'Ada' },
  }),
  chapter([], { template: 'invoice', data: {} }),
  chapter([{ method: 'PATCH', path: '/v1/templates/invoice', body: { enabled: false } }], {
    template: 'invoice',
    data: { number: 7, name: 'Ada' },
  }),
  chapter([{ method: 'PATCH', path: '/v1/channels/{mail}', body: { enabled: false } }]),
  chapter([
    { method: 'PATCH', path: '/v1/channels/{mail}', body: { enabled: true } },
    { method: 'PATCH', path: '/v1/templates/invoice', body: { enabled: true, default_enabled: null } },
    put('/v1/categories/general', { mandatory: false }),
    put('/v1/categories/builds', { default_enabled: true }),
    put('/v1/users/{user}/preferences', { category: 'general', kind: 'email', enabled: true }),
    put('/v1/users/{user}/rules', {
      steps: [
        { type: 'notify_by_slack' },
        { type: 'notify_by_email' },
        { type: 'wait', wait_seconds: 86_400 },
      ],
    }),
  ]),
  ...twice([put('/v1/users/{user}/quiet-hours', allDay)]),
  chapter([], { ...words, urgent: true }),
];
