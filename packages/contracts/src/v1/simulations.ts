import {
  channelKinds,
  reasonCodes,
  ruleListNames,
  runStepTypes,
  type ChannelKind,
  type ReasonCode,
  type RuleListName,
  type RunStepType,
} from '@carillon/core';
import Type, { type Static } from 'typebox';
import { count, flag, instant, list, nullable, object, oneOf, text, uuid } from '../fields.ts';
import { route } from '../route.ts';
import { decidedByExample, decidedByFields } from './decided-by.ts';
import { deliveryMode } from './delivery-mode.ts';
import { createFields, titleOrTemplate } from './notification-create.ts';
import { sampleIds, sampleInstants } from './samples.ts';

/** Recipients of one simulation at most. */
const simulatedRecipientsMax = 20;

/** A create call, and when it is made. */
export const SimulationCreate = object(
  {
    ...createFields,
    to: Type.Unsafe<Static<typeof createFields.to>>({
      ...createFields.to,
      maxItems: simulatedRecipientsMax,
      description:
        'As in a create call, at most 20 known users. Inline users are refused: nothing is written.',
    }),
    at: Type.Optional(
      instant('When the call is made; now unless given. At most a year before or after now.'),
    ),
  },
  titleOrTemplate,
);
export type SimulationCreate = Static<typeof SimulationCreate>;

const textBytesMax = 1024 * 1024;
const rendered = (description: string) => text(textBytesMax, description, { minLength: 0 });

const SimulatedMessage = object({
  title: rendered('One line.'),
  text: rendered('Plain text.'),
  html: rendered('HTML.'),
});

const SimulatedKind = object({
  kind: oneOf<ChannelKind>(channelKinds, { description: 'The channel kind.' }),
  decision: oneOf(['place', 'send', 'hold', 'suppress', 'rules'], { description: 'What would be decided.' }),
  code: oneOf<ReasonCode>(reasonCodes, { description: 'Why; docs/reason-codes.md explains each.' }),
  sentence: text(4096, 'The same in one plain sentence, in English.'),
  ...decidedByFields,
  detail: nullable(text(4096, 'Why there is no text, or which variables of the template were missing.')),
  until: nullable(instant('Until when it would be held.')),
  paused: flag('Whether what is sent this way waits at present, because it is paused.'),
  deliveries: count('How many deliveries there would be: one for each address.'),
  message: Type.Unsafe<Static<typeof SimulatedMessage> | null>({
    ...SimulatedMessage,
    type: ['object', 'null'],
    description: 'What would be told; null where nothing is, and for kinds that send no message.',
  }),
});

const SimulatedRules = object({
  list: oneOf<RuleListName>(ruleListNames, { description: 'Which list.' }),
  steps: list(
    object({
      type: oneOf<RunStepType>(runStepTypes, { description: 'What it is.' }),
      decision: oneOf(['send', 'wait', 'hold', 'suppress'], { description: 'What would be decided.' }),
      code: nullable(oneOf<ReasonCode>(reasonCodes, { description: 'Why, where there is a reason.' })),
      at: instant('When.'),
      until: nullable(instant('Until when it would wait or be held.')),
      deliveries: count('How many deliveries there would be: one for each address.'),
      sentence: text(4096, 'The same in one plain sentence, in English.'),
    }),
    100,
    'The first 100, as long as nobody reads it and every message arrives.',
  ),
});

const SimulatedRecipient = object({
  recipient_id: uuid('Who would be told.'),
  recipient_external_id: nullable(text(255, "The recipient's id in your own system.")),
  placed: flag('Whether it would enter the inbox.'),
  kinds: list(SimulatedKind, channelKinds.length, 'Each channel kind of the organization, the inbox first.'),
  rules: Type.Unsafe<Static<typeof SimulatedRules> | null>({
    ...SimulatedRules,
    type: ['object', 'null'],
    description: "What the recipient's notification rules would do; null where preferences alone decide.",
  }),
});

/** What would become of a create call. */
export const Simulation = object({
  at: instant('When the call was taken to be made.'),
  decided_at: instant('When it would be decided where it goes: `at`, or `send_at` where that is later.'),
  paused: flag(
    'Whether the organization or the template is paused at present: then it would wait until that is over.',
  ),
  delivery_mode: deliveryMode,
  recipients: list(
    SimulatedRecipient,
    simulatedRecipientsMax,
    'One for each distinct recipient, in the order of `to`.',
  ),
  deduplicated: count('How many entries of `to` named somebody who was named before.'),
  rejected: list(
    object({
      pointer: text(200, 'JSON pointer to the recipient in the request.'),
      detail: text(2048, 'Why it was left out.'),
    }),
    simulatedRecipientsMax,
    'Unknown recipients that were left out.',
  ),
});
export type Simulation = Static<typeof Simulation>;

const message = {
  title: 'Backup finished',
  text: 'All 12 databases are safe.',
  html: '<p>All <strong>12</strong> databases are safe.</p>',
};
const example: Simulation = {
  ...{ at: sampleInstants.late, decided_at: sampleInstants.late, paused: false, delivery_mode: 'live' },
  recipients: [
    {
      ...{ recipient_id: sampleIds.user, recipient_external_id: 'ada', placed: true },
      kinds: [
        {
          ...{
            kind: 'inbox',
            decision: 'place',
            code: 'placed',
            preference: null,
            quiet: null,
            detail: null,
          },
          sentence: "Inbox: placed in the recipient's inbox.",
          ...{ until: null, paused: false, deliveries: 0, message },
        },
        {
          ...{ kind: 'email', decision: 'hold', code: 'quiet_hours', ...decidedByExample, detail: null },
          sentence:
            "E-mail: held until 07:00 on 2 March (Europe/Berlin) by the recipient's quiet hours 22:00–07:00.",
          ...{ until: sampleInstants.morning, paused: false, deliveries: 1, message },
        },
      ],
      rules: null,
    },
  ],
  ...{ deduplicated: 0, rejected: [] },
};

export const createSimulation = route({
  operationId: 'createSimulation',
  method: 'POST',
  path: '/v1/simulations',
  summary: 'What would become of a notification',
  description:
    'The body of a create call and an instant: the plan with its reasons and the rendered messages, by the functions that decide and render deliveries, on the preferences, quiet hours, channels and templates of this moment. Writes nothing and sends nothing.',
  tag: 'Notifications',
  auth: { roles: ['admin', 'system'], scope: 'send' },
  idempotency: 'unsupported',
  body: SimulationCreate,
  problems: [422],
  responses: { 200: { description: 'What would happen.', schema: Simulation, example } },
  example: {
    body: {
      to: ['external:ada'],
      title: 'Backup finished',
      body: 'All **12** databases are safe.',
      category: 'backups',
      at: sampleInstants.late,
    },
  },
});
