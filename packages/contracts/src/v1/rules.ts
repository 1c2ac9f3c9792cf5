import { ruleLimits, ruleTypes, ruleWarnings, type RuleType, type RuleWarning } from '@carillon/core';
import Type, { type Static } from 'typebox';
import { notModified, tagged } from '../conditional.ts';
import {
  flag,
  instant,
  integer,
  list,
  nullable,
  object,
  oneOf,
  text,
  userReference,
  uuid,
} from '../fields.ts';
import { route } from '../route.ts';
import { sampleIds, sampleInstants } from './samples.ts';

const tag = 'Rules';
// Members set their own; an admin those of everybody in the organization.
const auth = { roles: ['admin', 'member'], scope: 'preferences' } as const;
const byUser = object({ id: userReference() });
const byUserAndId = object({ id: userReference(), rule_id: uuid('Rule id.') });
const byUserExample = { id: 'me' };
const byIdExample = { id: 'me', rule_id: sampleIds.rule };
const { stepsMax, waitSecondsMin, waitSecondsMax, repeatTimesMax, positionMax } = ruleLimits;

const type = oneOf<RuleType>(ruleTypes, { description: 'Whether it waits, or by what it notifies.' });
const waitSeconds = integer(
  waitSecondsMin,
  waitSecondsMax,
  'How long to wait: for the type `wait`, and for no other.',
);
const important = flag('Whether it is of the list for urgent notifications.');
const position = integer(
  0,
  positionMax,
  'Its place in the list: an order number, not an index. Holes are legal, and stay.',
);

/** A list is run again after its end, as long as nobody has read what it tells of. */
const Repeat = object(
  {
    times: integer(0, repeatTimesMax, 'How often it is run again; 0 for never.'),
    every_seconds: integer(waitSecondsMin, waitSecondsMax, 'How long after its end.'),
  },
  { description: 'Whether the list is run again after its end.' },
);

/** One step of a list of personal notification rules. */
export const Rule = object({
  id: uuid('Rule id.'),
  short_id: text(13, 'The id by which the OnCall API knows it.'),
  important,
  position,
  type,
  wait_seconds: nullable(waitSeconds),
  warning: nullable(
    oneOf<RuleWarning>(ruleWarnings, {
      description:
        'Why it would reach nobody now: `channel_unavailable` when there is no such channel, else which address is missing.',
    }),
  ),
  created_at: instant('When it was made.'),
  updated_at: instant('When it was last changed or moved.'),
});
export type Rule = Static<typeof Rule>;

const RuleList = object({
  rules: list(Rule, stepsMax, 'In the order in which they are run.'),
  repeat: nullable(Repeat),
});

/** Both lists of a user. */
export const RuleLists = object({ default: RuleList, important: RuleList });
export type RuleLists = Static<typeof RuleLists>;

const stepFields = { type, wait_seconds: Type.Optional(waitSeconds) };

const ruleExample: Rule = {
  ...{ id: sampleIds.rule, short_id: 'N7XH2KQ9VZA1T', important: false, position: 0 },
  ...{ type: 'notify_by_email', wait_seconds: null, warning: null },
  ...{ created_at: sampleInstants.created, updated_at: sampleInstants.created },
};
const listsExample: RuleLists = {
  default: { rules: [ruleExample], repeat: null },
  important: { rules: [], repeat: null },
};

export const getRules = route({
  operationId: 'getRules',
  method: 'GET',
  path: '/v1/users/{id}/rules',
  summary: "List a user's notification rules",
  description:
    'Both lists, with a warning at each step that would reach nobody now. The important list is for urgent notifications; while it is empty, the default list is run for them too. While both are empty, preferences alone decide. Its `ETag` is the one that the calls which change rules take as `If-Match`.',
  tag,
  auth,
  params: byUser,
  responses: {
    200: { description: 'Both lists.', schema: RuleLists, example: listsExample, headers: tagged },
    304: notModified,
  },
  example: { params: byUserExample },
});

export const setRules = route({
  operationId: 'setRules',
  method: 'PUT',
  path: '/v1/users/{id}/rules',
  summary: 'Set a list of notification rules',
  description:
    'Replaces one list as a whole, all of it or, if a step is refused, nothing. The steps get the positions 0, 1, 2 …; those that do the same as before stay the same rules, so that a repeat changes nothing. Without `repeat` the list is not repeated. The answer shows both lists.',
  tag,
  auth,
  params: byUser,
  body: object({
    important: Type.Optional(flag('Which list: that for urgent notifications.', { default: false })),
    steps: list(object(stepFields), stepsMax, 'What is done, in this order; none to empty the list.'),
    repeat: Type.Optional(nullable(Repeat)),
  }),
  problems: [412, 422],
  responses: {
    200: { description: 'As they are now.', schema: RuleLists, example: listsExample, headers: tagged },
  },
  example: {
    params: byUserExample,
    body: {
      steps: [
        { type: 'notify_by_email' },
        { type: 'wait', wait_seconds: 900 },
        { type: 'notify_by_webhook' },
      ],
      repeat: { times: 2, every_seconds: 3600 },
    },
  },
});

export const createRule = route({
  operationId: 'createRule',
  method: 'POST',
  path: '/v1/users/{id}/rules',
  summary: 'Add a notification rule',
  description:
    'At its position, or at the end. Rules from there on make room, each by one. A position beyond the end is kept as it is. A list has 50 rules at most.',
  tag,
  auth,
  idempotency: 'stored',
  params: byUser,
  body: object({
    important: Type.Optional(flag('To which list: that for urgent notifications.', { default: false })),
    ...stepFields,
    position: Type.Optional(position),
  }),
  problems: [409, 422],
  responses: {
    201: {
      description: 'Added.',
      schema: Rule,
      example: ruleExample,
      headers: { Location: 'Where the lists can be read.' },
    },
  },
  example: { params: byUserExample, body: { type: 'wait', wait_seconds: 300, position: 1 } },
});

export const updateRule = route({
  operationId: 'updateRule',
  method: 'PATCH',
  path: '/v1/users/{id}/rules/{rule_id}',
  summary: 'Change or move a notification rule',
  description:
    'What is not named stays, but a wait that becomes something else loses its length. Rules between its old and its new position go by one towards the old one. What runs goes on with the rules as they are then; a wait that has begun keeps its length.',
  tag,
  auth,
  params: byUserAndId,
  body: object(
    {
      type: Type.Optional(type),
      wait_seconds: Type.Optional(waitSeconds),
      position: Type.Optional(position),
    },
    { minProperties: 1 },
  ),
  problems: [412, 422],
  responses: { 200: { description: 'As it is now.', schema: Rule, example: ruleExample } },
  example: { params: byIdExample, body: { position: 0 } },
});

export const deleteRule = route({
  operationId: 'deleteRule',
  method: 'DELETE',
  path: '/v1/users/{id}/rules/{rule_id}',
  summary: 'Remove a notification rule',
  description: 'The others keep their positions. What stands at it goes on with the next one.',
  tag,
  auth,
  params: byUserAndId,
  problems: [412],
  responses: { 204: { description: 'Removed.' } },
  example: { params: byIdExample },
});
