import {
  planDeliveries,
  type ChannelId,
  type DeliveryId,
  type ExternalKind,
  type NotificationContent,
  type NotificationId,
  type OrganizationId,
  type TriggerId,
  type UserId,
} from '@carillon/core';
import { createNewId } from '@carillon/runtime';
import { createTestDatabase, runSql, silentLog } from '@carillon/testkit';
import { connectDatabase, type ConnectedDatabase, type Database } from '../src/connect.ts';
import { insertNotifications, type AcceptRequest } from '../src/queries/accept.ts';
import { insertChannel } from '../src/queries/channels.ts';
import { policyContextOf } from '../src/policy-context.ts';
import { loadPolicies } from '../src/queries/policies.ts';
import { loadDispatchBatch, placeDispatch, type Placed } from '../src/queries/dispatch.ts';
import { insertOrganization } from '../src/queries/organizations.ts';
import { upsertUser, type UserFields } from '../src/queries/users.ts';
import type { DatabaseRole } from '../src/roles.ts';

/** A migrated database of one suite, seen by the role of the worker. */
export interface TestStore {
  url: string;
  db: Database;
  /** Another pool on the same database, closed with the store. */
  connect(role?: DatabaseRole, poolMax?: number, prepares?: boolean): Database;
  rows(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

export async function openTestStore(): Promise<TestStore> {
  const database = await createTestDatabase();
  const pools: ConnectedDatabase[] = [];
  const connect = (role: DatabaseRole = 'carillon_system', poolMax = 20, prepares = false): Database => {
    const shared = { url: database.url, log: silentLog, name: 'test' };
    const pool = connectDatabase({ ...shared, role, poolMax, prepares });
    pools.push(pool);
    return pool.db;
  };
  return {
    url: database.url,
    db: connect(),
    connect,
    rows: (text, values) => runSql(database.url, text, values),
    async stop() {
      await Promise.all(pools.map((pool) => pool.stop()));
      await database.stop();
    },
  };
}

const createId = createNewId();
export function newId<Id extends string>(): Id {
  return createId() as Id;
}

export async function makeOrganization(db: Database, paused = false): Promise<OrganizationId> {
  const id = newId<OrganizationId>();
  await insertOrganization(db, { id, slug: `slug-${id}`, name: 'Test', paused });
  return id;
}

export async function makeUser(
  db: Database,
  organizationId: OrganizationId,
  fields: UserFields = {},
): Promise<UserId> {
  return (await upsertUser(db, { id: newId<UserId>(), organizationId, fields })).user.id;
}

/** Users of `count`, made in one organization. */
export async function makeUsers(
  db: Database,
  organizationId: OrganizationId,
  count: number,
): Promise<UserId[]> {
  const users: UserId[] = [];
  for (let made = 0; made < count; made += 1) users.push(await makeUser(db, organizationId));
  return users;
}

export async function makeChannel(
  db: Database,
  organizationId: OrganizationId,
  kind: ExternalKind = 'null',
): Promise<ChannelId> {
  return (await insertChannel(db, { id: newId<ChannelId>(), organizationId, kind, name: kind })).id;
}

export function makeContent(changes: Partial<NotificationContent> = {}): NotificationContent {
  return {
    title: 'Build 7 failed',
    body: '',
    category: 'general',
    data: {},
    actions: [],
    targets: [],
    url: undefined,
    icon: undefined,
    senderId: undefined,
    environment: '',
    project: '',
    urgent: false,
    kinds: undefined,
    expiresAt: undefined,
    ...changes,
  };
}

/** A create call with one trigger. */
export function makeRequest(
  organizationId: OrganizationId,
  recipients: readonly UserId[],
  changes: Partial<Omit<AcceptRequest, 'triggers'>> & { content?: Partial<NotificationContent> } = {},
): AcceptRequest {
  const { content, ...request } = changes;
  const triggerId = newId<TriggerId>();
  const notifications = recipients.map((recipientId) => ({ id: newId<NotificationId>(), recipientId }));
  return {
    id: newId(),
    organizationId,
    idempotency: undefined,
    triggers: [{ id: triggerId, content: makeContent(content), notifications }],
    lane: 'bulk',
    requestId: 'req-1',
    traceparent: undefined,
    ...request,
  };
}

export function idsOf(request: AcceptRequest): NotificationId[] {
  return request.triggers.flatMap((trigger) => trigger.notifications.map((one) => one.id));
}

/** Accepts one notification for each recipient. */
export async function accept(
  db: Database,
  organizationId: OrganizationId,
  recipients: readonly UserId[],
  content: Partial<NotificationContent> = {},
): Promise<NotificationId[]> {
  const request = makeRequest(organizationId, recipients, { content });
  await insertNotifications(db, [request]);
  return idsOf(request);
}

/** Dispatches as the worker does, with the real plan. */
export async function dispatch(db: Database, ids: readonly NotificationId[]): Promise<Placed[]> {
  const batch = await loadDispatchBatch(db, ids);
  const policies = await loadPolicies(
    db,
    batch.notifications.map((one) => one.recipientId),
  );
  const versions = new Map<string, never>();
  const placements = batch.notifications.flatMap((one) => {
    const policy = policyContextOf(one, { policies, versions });
    if (policy === undefined) return [];
    const plan = planDeliveries(
      {
        notification: {
          urgent: one.urgent,
          kinds: one.kinds ?? undefined,
          expiresAt: one.expiresAt ?? undefined,
          cancelled: false,
          deleted: false,
          inboxAlways: one.inboxAlways,
        },
        user: one.userExists ? { contactPoints: one.contactPoints } : undefined,
        channels: batch.channels.get(one.organizationId) ?? [],
        kindsWithoutContactPoint: new Set<ExternalKind>(['null']),
        policy,
      },
      batch.now,
    );
    const { id, version, organizationId, recipientId } = one;
    const inboxReason = plan.decisions[0]?.code ?? 'placed';
    const deliveries = plan.deliveries.map((delivery) => ({
      ...delivery,
      id: newId<DeliveryId>(),
      isPaused: false,
    }));
    return {
      ...{ id, version, organizationId, recipientId, inboxReason, deliveries },
      policyVersion: policies.users.get(recipientId)?.version ?? 0,
      ...{ placed: plan.placed, decisions: plan.decisions, content: undefined },
      run: plan.run && { ...plan.run, urgent: one.urgent },
    };
  });
  return placeDispatch(db, placements, 20_000);
}

/** Accepts and dispatches `count` notifications for one user. */
export async function fillInbox(
  db: Database,
  organizationId: OrganizationId,
  userId: UserId,
  count: number,
  content: Partial<NotificationContent> = {},
): Promise<NotificationId[]> {
  const ids = await accept(
    db,
    organizationId,
    Array.from({ length: count }, () => userId),
    content,
  );
  await dispatch(db, ids);
  return ids;
}
