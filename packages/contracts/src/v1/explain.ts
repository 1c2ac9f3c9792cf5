import {
  attemptOutcomes,
  channelKinds,
  deliveryStates,
  feedbacks,
  lifeEvents,
  reasonCodes,
  ruleListNames,
  runStepTypes,
  waitReasons,
  type AttemptOutcome,
  type ChannelKind,
  type DeliveryState,
  type Feedback,
  type LifeEvent,
  type NextOfRun,
  type ReasonCode,
  type RuleListName,
  type RunStepType,
  type WaitReason,
} from '@carillon/core';
import Type, { type Static } from 'typebox';
import { count, instant, integer, list, nullable, object, oneOf, text, uuid } from '../fields.ts';
import { route } from '../route.ts';
import { decidedByExample, decidedByFields } from './decided-by.ts';
import { deliveryMode } from './delivery-mode.ts';
import { sampleIds, sampleInstants } from './samples.ts';

const byId = object({ id: uuid('Notification id.') });
const byIdExample = { id: sampleIds.notification };
const sentence = text(4096, 'The same in one plain sentence, in English.');

const decisionFields = {
  kind: oneOf<ChannelKind>(channelKinds, { description: 'The channel kind.' }),
  decision: nullable(
    oneOf(['place', 'send', 'hold', 'suppress', 'rules'], {
      description:
        'What was decided; null when the decision went with the content of a deleted notification.',
    }),
  ),
  code: nullable(oneOf<ReasonCode>(reasonCodes, { description: 'Why; docs/reason-codes.md explains each.' })),
  sentence,
  ...decidedByFields,
  until: nullable(instant('Until when it was held.')),
};

const stateFields = {
  state: oneOf<DeliveryState>(deliveryStates, { description: 'Where it stands.' }),
  reason: nullable(oneOf<ReasonCode>(reasonCodes, { description: 'Why it stands there.' })),
  sentence,
  not_before: instant('While it is pending: when it comes up again.'),
  settled_at: nullable(instant('When it came to its end.')),
};

const step = integer(
  0,
  1_000_000,
  "The step of the recipient's rules that made it, as in `rules.steps`; 0 where preferences alone decided.",
);

const ExplainedAttempt = object({
  number: integer(1, 1_000_000, 'Counts from 1.'),
  started_at: instant('When the send began.'),
  ended_at: nullable(instant('When its outcome was recorded; null while it runs.')),
  outcome: nullable(oneOf<AttemptOutcome>(attemptOutcomes)),
  status_code: nullable(integer(100, 599, 'The status that the target answered with, where there is one.')),
  reason: nullable(text(2048, 'What the target said, or why it could not be asked.')),
  channel_id: nullable(uuid('Through which channel; null for tries of earlier versions.')),
  sentence,
});

const ExplainedDelivery = object({
  id: uuid('Delivery id.'),
  step,
  ...stateFields,
  channel_id: uuid('Through which channel.'),
  contact_point_id: nullable(uuid('To which address; null for kinds without addresses.')),
  digest_id: nullable(uuid('The delivery whose message told of this one.')),
  feedback: nullable(oneOf<Feedback>(feedbacks, { description: 'What its provider told after it took it.' })),
  feedback_at: nullable(instant('When that was told.')),
  attempts: list(ExplainedAttempt, 50, 'Its tries in order, the last 50.'),
});

const LifeStep = object({
  event: oneOf<LifeEvent>(lifeEvents, { description: 'What happened.' }),
  at: instant('When; of a snooze, when it ends.'),
  sentence,
});

const waitsFor = list(
  object({
    reason: oneOf<WaitReason>(waitReasons, { description: 'What for.' }),
    until: nullable(instant('Until when; null where nobody knows.')),
    sentence,
  }),
  waitReasons.length,
  'What it waits for until it is decided where it goes; empty after that.',
);

const stepsMax = 300;
const listedStep = oneOf<RunStepType>(runStepTypes, {
  description: 'What it was: a rule, the e-mail after a list that reached nobody, or the list begun anew.',
});

const ExplainedRules = object({
  list: oneOf<RuleListName>(ruleListNames, { description: 'Which list.' }),
  state: oneOf(['running', 'finished', 'stopped'], { description: 'Whether it still runs.' }),
  reason: nullable(oneOf<ReasonCode>(reasonCodes, { description: 'Why it was stopped, or reached nobody.' })),
  sentence,
  steps: list(
    object({
      sequence: integer(1, 1_000_000, 'Counts from 1; deliveries name it as their `step`.'),
      type: listedStep,
      decision: oneOf(['send', 'wait', 'hold', 'suppress'], { description: 'What was decided.' }),
      code: nullable(oneOf<ReasonCode>(reasonCodes, { description: 'Why, where there is a reason.' })),
      at: instant('When.'),
      until: nullable(instant('Until when it waits, or was held then.')),
      sentence,
    }),
    stepsMax,
    'What was done, first things first; the last 300.',
  ),
  next: Type.Unsafe<{ type: NextOfRun['type']; at: string; sentence: string } | null>({
    ...object({
      type: oneOf<NextOfRun['type']>([...runStepTypes, 'end'], {
        description: '`end`: no rule is left, and it is looked whether somebody was reached.',
      }),
      at: instant('When, as things stand.'),
      sentence,
    }),
    type: ['object', 'null'],
    description: 'What comes next, as the list is now; null when it is over.',
  }),
});
type ExplainedRules = Static<typeof ExplainedRules>;
const rules = Type.Unsafe<ExplainedRules | null>({
  ...ExplainedRules,
  type: ['object', 'null'],
  description: "What the recipient's notification rules did; null where they had none.",
});

const sharedFields = {
  notification_id: uuid('Notification id.'),
  zone: text(64, 'The time zone of the sentences: that of the recipient, else of the organization.'),
  delivery_mode: deliveryMode,
  life: list(LifeStep, lifeEvents.length, 'What happened to the notification itself, first things first.'),
};

/** What became of one notification and why, for those who send. */
export const Explanation = object({
  ...sharedFields,
  recipient_id: uuid('Who is told.'),
  waits_for: waitsFor,
  kinds: list(
    object({
      ...decisionFields,
      detail: nullable(text(4096, 'Why there is no text, or which variables of the template were missing.')),
      deliveries: list(ExplainedDelivery, 300, 'One for each address.'),
    }),
    channelKinds.length,
    'Each channel kind that the organization had then, the inbox first.',
  ),
  rules,
});
export type Explanation = Static<typeof Explanation>;

/** The same for the recipient: what concerns them, and nothing of channels and providers. */
export const InboxExplanation = object({
  ...sharedFields,
  kinds: list(
    object({
      ...decisionFields,
      deliveries: list(
        object({ step, ...stateFields, attempts_made: count('Tries that were begun.') }),
        300,
        'One for each of your addresses.',
      ),
    }),
    channelKinds.length,
    'Each channel kind that the organization had then, the inbox first.',
  ),
  rules,
});
export type InboxExplanation = Static<typeof InboxExplanation>;

const zone = 'Europe/Berlin';
const inboxDecision = {
  kind: 'inbox' as const,
  decision: 'place' as const,
  code: 'placed' as const,
  preference: null,
  quiet: null,
  until: null,
};
const quietDecision = {
  kind: 'email' as const,
  decision: 'hold' as const,
  code: 'quiet_hours' as const,
  ...decidedByExample,
  until: sampleInstants.morning,
};
const heldState = {
  state: 'pending' as const,
  reason: 'quiet_hours' as const,
  not_before: sampleInstants.morning,
  settled_at: null,
};

const example: Explanation = {
  ...{ notification_id: sampleIds.notification, recipient_id: sampleIds.user, zone, delivery_mode: 'live' },
  life: [
    { event: 'accepted', at: sampleInstants.late, sentence: `Accepted at 23:14 on 1 March (${zone}).` },
    {
      ...{ event: 'placed', at: sampleInstants.late },
      sentence: `Placed in the recipient's inbox at 23:14 on 1 March (${zone}).`,
    },
  ],
  waits_for: [],
  kinds: [
    { ...inboxDecision, sentence: "Inbox: placed in the recipient's inbox.", detail: null, deliveries: [] },
    {
      ...quietDecision,
      sentence: `E-mail: held until 07:00 on 2 March (${zone}) by the recipient's quiet hours 22:00–07:00.`,
      detail: null,
      deliveries: [
        {
          ...{ id: sampleIds.delivery, step: 0, ...heldState },
          sentence: `E-mail: held until 07:00 on 2 March (${zone}) by the recipient's quiet hours 22:00–07:00.`,
          ...{ channel_id: sampleIds.channel, contact_point_id: sampleIds.contactPoint },
          ...{ digest_id: null, feedback: null, feedback_at: null, attempts: [] },
        },
      ],
    },
  ],
  rules: null,
};

const ownExample: InboxExplanation = {
  ...{ notification_id: sampleIds.notification, zone, delivery_mode: 'live' },
  life: [
    { event: 'accepted', at: sampleInstants.late, sentence: `Accepted at 23:14 on 1 March (${zone}).` },
    {
      ...{ event: 'placed', at: sampleInstants.late },
      sentence: `Placed in your inbox at 23:14 on 1 March (${zone}).`,
    },
  ],
  kinds: [
    { ...inboxDecision, sentence: 'Inbox: placed in your inbox.', deliveries: [] },
    {
      ...quietDecision,
      sentence: `E-mail: held until 07:00 on 2 March (${zone}) by your quiet hours 22:00–07:00.`,
      deliveries: [
        {
          ...{ step: 0, ...heldState },
          sentence: `E-mail: held until 07:00 on 2 March (${zone}) by your quiet hours 22:00–07:00.`,
          attempts_made: 0,
        },
      ],
    },
  ],
  rules: null,
};

export const explainNotification = route({
  operationId: 'explainNotification',
  method: 'GET',
  path: '/v1/notifications/{id}/explain',
  summary: 'Why it was sent, held or not sent',
  description:
    'For every channel kind: what was decided, by which preference, window or rule, at which local time, and what became of each delivery with each try. It is read from what was written down when it happened, not decided again.',
  tag: 'Notifications',
  auth: { roles: ['admin', 'system'], scope: 'send' },
  params: byId,
  responses: { 200: { description: 'The explanation.', schema: Explanation, example } },
  example: { params: byIdExample },
});

export const explainInboxItem = route({
  operationId: 'explainInboxItem',
  method: 'GET',
  path: '/v1/inbox/{id}/explain',
  summary: 'Why the caller got it, and by which ways',
  description:
    "As for those who send, about an item of the caller's own inbox, without what concerns others.",
  tag: 'Inbox',
  auth: { roles: ['admin', 'system', 'member'], scope: 'inbox' },
  params: byId,
  responses: { 200: { description: 'The explanation.', schema: InboxExplanation, example: ownExample } },
  example: { params: byIdExample },
});
