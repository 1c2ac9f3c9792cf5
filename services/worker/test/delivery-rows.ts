import type {
  ContactPointId,
  DeliveryId,
  ExternalKind,
  NotificationId,
  OrganizationId,
  UserId,
} from '@carillon/core';
import { connectDatabase, insertOrganization, upsertUser, type ConnectedDatabase } from '@carillon/db';
import { createNewId } from '@carillon/runtime';
import { createTestDatabase, runSql, silentLog, type TestDatabase } from '@carillon/testkit';

/** A database with one organization, one user and one channel of the kind `null`, to put deliveries into. */
export interface DeliveryRows {
  database: TestDatabase;
  connected: ConnectedDatabase;
  organizationId: OrganizationId;
  userId: UserId;
  /** Accepted and not dispatched. */
  accept(count: number): Promise<NotificationId[]>;
  /** Placed, with a pending delivery each that is due now. */
  deliver(count: number, kind?: ExternalKind): Promise<DeliveryId[]>;
  states(
    ids: readonly DeliveryId[],
  ): Promise<{ state: string; reason: string | null; attempts: number; crashes: number }[]>;
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

const newId = createNewId();

export async function makeDeliveryRows(): Promise<DeliveryRows> {
  const database = await createTestDatabase();
  const connected = connectDatabase({ url: database.url, log: silentLog });
  const organizationId = newId() as OrganizationId;
  await insertOrganization(connected.db, { id: organizationId, slug: 'rows', name: 'Rows', paused: false });
  const { user } = await upsertUser(connected.db, {
    ...{ id: newId() as UserId, organizationId, fields: { externalId: 'rows' } },
  });
  const channelId = newId();
  const sql: DeliveryRows['sql'] = (text, values) => runSql(database.url, text, values);
  await sql(`insert into channels (id, organization_id, kind, name) values ($1, $2, 'null', 'Null')`, [
    ...[channelId, organizationId],
  ]);
  let number = 0;

  async function channelOf(kind: ExternalKind): Promise<unknown> {
    const find = () => sql('select id from channels where kind = $1 order by position, id limit 1', [kind]);
    if ((await find()).length === 0) {
      await sql(`insert into channels (id, organization_id, kind, name) values ($1, $2, $3, $3)`, [
        ...[newId(), organizationId, kind],
      ]);
    }
    return (await find())[0]?.['id'];
  }

  async function insert(isPlaced: boolean): Promise<NotificationId> {
    const id = newId() as NotificationId;
    number += 1;
    await sql(
      `insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, dispatched_at, inbox_at)
       values ($1, $2, $3, $1, $4, 'Row', ${isPlaced ? 'carillon_now(), carillon_now()' : 'null, null'})`,
      [id, organizationId, number, user.id],
    );
    return id;
  }

  return {
    ...{ database, connected, organizationId, userId: user.id, sql },
    async accept(count) {
      const ids: NotificationId[] = [];
      while (ids.length < count) ids.push(await insert(false));
      return ids;
    },
    async deliver(count, kind = 'null') {
      const ids: DeliveryId[] = [];
      const through = await channelOf(kind);
      while (ids.length < count) {
        const notificationId = await insert(true);
        const id = newId() as DeliveryId;
        ids.push(id);
        await sql(
          `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, contact_point_id)
           values ($1, $2, $3, $4, $5, $6, $7)`,
          [id, organizationId, notificationId, user.id, kind, through, null satisfies ContactPointId | null],
        );
      }
      return ids;
    },
    async states(ids) {
      const rows = await sql(
        `select state, reason, attempts_made as attempts, crashes from deliveries where id = any($1) order by id`,
        [ids],
      );
      return rows as Awaited<ReturnType<DeliveryRows['states']>>;
    },
    async stop() {
      await connected.stop();
      await database.stop();
    },
  };
}
