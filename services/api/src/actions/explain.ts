import { explainNotification, type Audience, type Explanation, type NotificationId } from '@carillon/core';
import { getExplanation, inSnapshot, type ExplainDelivery, type ExplainRecord } from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';

/** What was written down of a notification, and what it means. */
export interface Explained {
  record: ExplainRecord;
  explanation: Explanation<ExplainDelivery>;
}

/** Tells those who send what became of a notification of their organization; throws NotFoundError. */
export async function explainSent(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  id: NotificationId,
): Promise<Explained> {
  return explain(deps, caller, id, 'operator');
}

/** Tells the caller about an item of the caller's own inbox; throws NotFoundError. */
export async function explainOwn(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  id: NotificationId,
): Promise<Explained> {
  return explain(deps, caller, id, 'recipient');
}

async function explain(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  id: NotificationId,
  audience: Audience,
): Promise<Explained> {
  const { organizationId } = user;
  const recipientId = audience === 'recipient' ? user.id : undefined;
  const record = await inSnapshot(deps.db, organizationId, (db) =>
    getExplanation(db, { organizationId, id, recipientId }),
  );
  return { record, explanation: explainNotification(record, audience, record) };
}
