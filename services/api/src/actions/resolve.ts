import {
  CarillonError,
  InvalidError,
  type AcceptedNotification,
  type FieldError,
  type NotificationContent,
  type NotificationId,
  type RecipientRef,
  type TriggerDraft,
  type TriggerId,
  type UserId,
} from '@carillon/core';
import {
  inSavepoint,
  resolveRecipients,
  upsertUsers,
  type Database,
  type RecipientQuery,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { DraftCall, TriggerResult } from './accept.ts';
import { resolveDraftTemplates, type DataChecks } from './accept-templates.ts';

/** `db` is a transaction where a draft holds inline users. */
type ResolveDeps = Pick<ApiDeps, 'newId'> & { db: Database; dataChecks: DataChecks };

/** What became of a draft, and what is stored of it: with what its template says. */
export interface ResolvedDraft {
  result: TriggerResult;
  content: NotificationContent;
}

/**
 * Finds the recipients and senders of all requests of a flush in one statement, their templates in another
 * where there are any, and gives every trigger its ids. A trigger with a fault is refused by itself. Inline users are made or updated here,
 * in the transaction that also writes the notifications.
 */
export async function resolveDrafts(
  deps: ResolveDeps,
  calls: readonly DraftCall[],
): Promise<ResolvedDraft[][]> {
  const lookups = new Lookups();
  const plans = calls.map((call) => ({
    call,
    drafts: call.drafts.map((draft) => ({ draft, plan: lookups.plan(call, draft) })),
  }));
  const found = await resolveRecipients(deps.db, lookups.queries);
  const templated = await resolveDraftTemplates(deps, calls);
  const results: ResolvedDraft[][] = [];
  for (const { call, drafts } of plans) {
    const ofCall: ResolvedDraft[] = [];
    for (const { draft, plan } of drafts) {
      const template = templated.get(draft);
      const content = template?.outcome === 'templated' ? template.content : draft.content;
      const isRefused = template?.outcome === 'refused';
      const result = isRefused ? template : await resolveDraft(deps, call, draft, plan, found);
      ofCall.push({ result, content });
    }
    results.push(ofCall);
  }
  return results;
}

/** Where the answers of one draft's look-ups stand. */
interface LookupPlan {
  /** One per entry of `to`: the look-up's number, or the inline user. */
  recipients: (number | Extract<RecipientRef, { by: 'inline' }>)[];
  sender: number | undefined;
}

class Lookups {
  readonly queries: RecipientQuery[] = [];

  plan({ organizationId }: DraftCall, draft: TriggerDraft): LookupPlan {
    const add = (ref: RecipientQuery['ref']): number => {
      this.queries.push({ ordinal: this.queries.length, organizationId, ref });
      return this.queries.length - 1;
    };
    const { senderId } = draft.content;
    return {
      recipients: draft.to.map((ref) => (ref.by === 'inline' ? ref : add(ref))),
      sender: senderId === undefined ? undefined : add({ by: 'id', id: senderId }),
    };
  }
}

async function resolveDraft(
  deps: ResolveDeps,
  call: DraftCall,
  draft: TriggerDraft,
  plan: LookupPlan,
  found: ReadonlyMap<number, UserId>,
): Promise<TriggerResult> {
  if (plan.sender !== undefined && !found.has(plan.sender)) {
    const detail = 'no user of this organization has this id';
    return refused('sender.unknown', `The sender is not known: ${detail}`, [
      { pointer: `${draft.pointer ?? ''}/sender_id`, detail },
    ]);
  }
  const rejected = draft.to.flatMap((ref, index) => {
    const number = plan.recipients[index];
    return typeof number === 'number' && !found.has(number)
      ? [unknown(ref, draft.pointers[index] ?? '')]
      : [];
  });
  if (rejected.length > 0 && (draft.strict || rejected.length === draft.to.length)) {
    return refused('recipient.unknown', rejected[0]?.detail ?? '', rejected.slice(0, refusalsShown));
  }
  const recipients = await resolveRecipientIds(deps, call, plan, found);
  if (recipients instanceof CarillonError)
    return refused(recipients.code, recipients.message, recipients.errors ?? []);
  return accept(deps, recipients, draft.to.length - rejected.length, rejected);
}

const refusalsShown = 100;

/** In the order of `to`, without those that are unknown; or why an inline user cannot be written. */
async function resolveRecipientIds(
  deps: ResolveDeps,
  { organizationId }: DraftCall,
  plan: LookupPlan,
  found: ReadonlyMap<number, UserId>,
): Promise<UserId[] | CarillonError> {
  const inline = plan.recipients.filter((one) => typeof one !== 'number');
  const users = inline.map(({ user }) => ({ id: deps.newId() as UserId, organizationId, fields: user }));
  try {
    const written = users.length === 0 ? [] : await inSavepoint(deps.db, () => upsertUsers(deps.db, users));
    const ids = new Map(inline.map((one, index) => [one, written[index]]));
    return plan.recipients.flatMap((one) => (typeof one === 'number' ? found.get(one) : ids.get(one)) ?? []);
  } catch (error) {
    if (error instanceof CarillonError) return error;
    throw error;
  }
}

function accept(
  deps: ResolveDeps,
  recipients: UserId[],
  named: number,
  rejected: FieldError[],
): TriggerResult {
  const id = deps.newId() as TriggerId;
  const distinct = [...new Set(recipients)];
  const notifications: AcceptedNotification[] = distinct.map((recipientId) => ({
    id: deps.newId() as NotificationId,
    recipientId,
  }));
  return { outcome: 'accepted', id, notifications, deduplicated: named - distinct.length, rejected };
}

function unknown(ref: RecipientRef, pointer: string): FieldError {
  switch (ref.by) {
    case 'id':
      return { pointer, detail: `no user of this organization has the id ${ref.id}` };
    case 'external_id':
      return {
        pointer,
        detail: `no user of this organization has the external id ${JSON.stringify(ref.externalId)}`,
      };
    case 'email':
      return { pointer, detail: 'no user of this organization has this e-mail address' };
    case 'inline':
      return { pointer, detail: 'the user could not be made' };
  }
}

function refused(code: string, message: string, errors: FieldError[]): TriggerResult {
  return { outcome: 'refused', code, message, errors };
}

/** What a single create answers when its only trigger was refused. */
export function toRefusal(result: Extract<TriggerResult, { outcome: 'refused' }>): CarillonError {
  return new InvalidError(result.code, result.message, { errors: result.errors });
}
