import { externalKinds, type ExternalKind } from '@carillon/core';
import Type, { type Static } from 'typebox';
import { Ajv, type ValidateFunction } from 'ajv';
import { list, object, oneOf, uuid } from './fields.ts';
import { addFormatsTo } from './formats.ts';
import { lazily } from './lazily.ts';

/** Ids in one job at most: one flush of accepted notifications. */
export const jobIdsMax = 500;
/** Users in one hint at most. */
export const hintUsersMax = 500;

const version = Type.Literal(1);
const ids = list(uuid('Id.'), jobIdsMax, 'What to look at in PostgreSQL.', { minItems: 1 });

/** "These notifications may be undispatched." */
export const DispatchJob = object({ v: version, ids });
export type DispatchJob = Static<typeof DispatchJob>;

/** "These deliveries of one kind may be due." */
export const DeliverJob = object({ v: version, kind: oneOf<ExternalKind>(externalKinds), ids });
export type DeliverJob = Static<typeof DeliverJob>;

/** "The inbox of each of these users has reached this sequence." */
export const InboxHint = object({
  v: version,
  sequences: Type.Unsafe<Record<string, number>>({
    type: 'object',
    description: 'User id → the highest sequence of that user.',
    propertyNames: { format: 'uuid' },
    additionalProperties: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    minProperties: 1,
    maxProperties: hintUsersMax,
  }),
});
export type InboxHint = Static<typeof InboxHint>;

const sequence = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

/** "These inboxes of an organization moved": for whoever sees the rows of all its users. */
export const OrganizationHint = object({
  v: version,
  moves: Type.Unsafe<[userId: string, after: number, head: number][]>({
    type: 'array',
    description: 'User id, the sequence before and the one that was reached.',
    items: {
      ...{ type: 'array', items: [{ type: 'string', format: 'uuid' }, sequence, sequence] },
      ...{ minItems: 3, maxItems: 3, additionalItems: false },
    },
    minItems: 1,
    maxItems: hintUsersMax,
  }),
});
export type OrganizationHint = Static<typeof OrganizationHint>;

const ajv = lazily(() => addFormatsTo(new Ajv({ strict: true })));
const isDispatchJob = lazily(() => ajv().compile<DispatchJob>(DispatchJob));
const isDeliverJob = lazily(() => ajv().compile<DeliverJob>(DeliverJob));
const isInboxHint = lazily(() => ajv().compile<InboxHint>(InboxHint));
const isOrganizationHint = lazily(() => ajv().compile<OrganizationHint>(OrganizationHint));

/**
 * Redis is not trusted: a payload that is forged, of another version or of another shape is
 * undefined, to be counted and dropped. PostgreSQL still knows what is due.
 */
export function parseDispatchJob(payload: unknown): DispatchJob | undefined {
  return parse(isDispatchJob(), payload);
}

/** As `parseDispatchJob`. */
export function parseDeliverJob(payload: unknown): DeliverJob | undefined {
  return parse(isDeliverJob(), payload);
}

/** As `parseDispatchJob`, for what the bus publishes. */
export function parseInboxHint(payload: unknown): InboxHint | undefined {
  return parse(isInboxHint(), payload);
}

/** As `parseDispatchJob`, for what the bus publishes to an organization. */
export function parseOrganizationHint(payload: unknown): OrganizationHint | undefined {
  return parse(isOrganizationHint(), payload);
}

function parse<T>(isValid: ValidateFunction<T>, payload: unknown): T | undefined {
  return isValid(payload) ? payload : undefined;
}
