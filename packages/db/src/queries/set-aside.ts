import { sql, type RawBuilder } from 'kysely';
import { externalKinds, heldReasons, type ChannelId, type OrganizationId } from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import type { Database } from '../connect.ts';
import { inTransaction } from '../transactions.ts';

/** Rows of one statement: a hundred thousand at once would run into the limit of a statement's time. */
const rowsMax = 20_000;

/** Makes due what was set aside for a channel. For the transaction that resumes or removes it. */
export async function wakeOfChannel(
  db: Database,
  organizationId: OrganizationId,
  id: ChannelId,
): Promise<void> {
  await wakeDeliveries(db, organizationId, sql`d.channel_id = ${id}`);
}

/** Makes due what was set aside for a template. For the transaction that resumes or removes it. */
export async function wakeOfTemplate(
  db: Database,
  organizationId: OrganizationId,
  id: string,
): Promise<void> {
  await wakeDeliveries(
    db,
    organizationId,
    sql`exists (select from notifications n where n.id = d.notification_id and n.template_id = ${id})`,
  );
  await repeat(() =>
    sql`
      update notifications n set hint_after = carillon_now()
      where n.id = any(array(
        select n.id from notifications n
        where n.organization_id = ${organizationId} and n.dispatched_at is null and n.hint_after = 'infinity'
          and n.template_id = ${id}
        limit ${rowsMax}))
      and ${afterLookup(sql`n.dispatched_at is null`)}
    `.execute(db),
  );
}

/** What waits for a target that does not answer is set aside in the same way, and is not meant. Uses deliveries_scan. */
async function wakeDeliveries(
  db: Database,
  organizationId: OrganizationId,
  condition: RawBuilder<unknown>,
): Promise<void> {
  await repeat(() =>
    sql`
      update deliveries d set scan_after = carillon_now()
      where d.id = any(array(
        select d.id from deliveries d
        where d.organization_id = ${organizationId} and d.kind = any(${[...externalKinds]}::text[])
          and d.state = 'pending' and d.scan_after = 'infinity' and ${isPauses} and ${condition}
        limit ${rowsMax}))
      and ${afterLookup(sql`d.state = 'pending'`)}
    `.execute(db),
  );
}

async function repeat(update: () => Promise<{ numAffectedRows?: bigint }>): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await update();
    if (numAffectedRows < rowsMax) return;
  }
}

/** Why a delivery `d` is set aside: what was held keeps its reason, so that it may still become one message with others. */
const isPauses = sql`d.reason = any(${['paused', ...heldReasons]}::text[])`;

/** What one round sets aside at most of one channel or template; what is left follows in the next. */
const perRound = 5_000;

/**
 * Sets aside what is due and whose channel or template is paused, so that scans do not come upon it again and again.
 * Answers how many rows that were. On a system without such pauses it is one look at two empty indexes.
 *
 * A channel or template that is being resumed at this moment is locked by one of the two: either the resume waits for
 * this transaction and finds what it set aside, or this one finds it resumed. Nothing is left behind.
 */
export async function setAsidePaused(db: Database): Promise<number> {
  const { rows } = await sql<{ channels: boolean; templates: boolean }>`
    select exists (select from channels where paused_at is not null) as channels,
      exists (select from templates where paused_at is not null) as templates
  `.execute(db);
  const [found] = rows;
  const ofChannels = found?.channels === true ? await setAsideOfChannels(db) : 0;
  return ofChannels + (found?.templates === true ? await setAsideOfTemplates(db) : 0);
}

/** Organizations and kinds that are paused themselves are not scanned: their rows stay as they are. Uses deliveries_scan. */
async function setAsideOfChannels(db: Database): Promise<number> {
  const due = sql`d.organization_id = c.organization_id and d.kind = c.kind and d.state = 'pending'
    and d.scan_after <= carillon_now() and d.channel_id = c.id`;
  return inTransaction(db, async (transaction) => {
    const { rows } = await sql<{ id: ChannelId }>`
      select c.id from channels c
      join organizations o on o.id = c.organization_id and o.paused_at is null and c.kind <> all(o.paused_kinds)
      where c.paused_at is not null and exists (select from deliveries d where ${due})
      order by c.id for share of c
    `.execute(transaction);
    if (rows.length === 0) return 0;
    return setAside(
      transaction,
      sql`select d.id from channels c cross join lateral (
          select d.id from deliveries d where ${due} order by d.scan_after limit ${perRound}) d
        where c.id = any(${rows.map((row) => row.id)}::uuid[])`,
    );
  });
}

/** Uses notifications_undispatched and deliveries_scan. */
async function setAsideOfTemplates(db: Database): Promise<number> {
  const waiting = sql`n.organization_id = t.organization_id and n.dispatched_at is null
    and n.hint_after <= carillon_now() and n.template_id = t.id`;
  const due = sql`d.organization_id = t.organization_id and d.kind = any(${[...externalKinds]}::text[])
    and d.state = 'pending' and d.scan_after <= carillon_now()
    and exists (select from notifications n where n.id = d.notification_id and n.template_id = t.id)`;
  return inTransaction(db, async (transaction) => {
    const { rows } = await sql<{ id: string; organization_id: OrganizationId }>`
      select t.id, t.organization_id from templates t join organizations o on o.id = t.organization_id and o.paused_at is null
      where t.paused_at is not null
        and (exists (select from notifications n where ${waiting}) or exists (select from deliveries d where ${due}))
      order by t.organization_id, t.id for share of t
    `.execute(transaction);
    if (rows.length === 0) return 0;
    // Templates that came with Carillon have the same id in every organization.
    const locked = sql`(t.organization_id, t.id) in (select * from unnest(
      ${rows.map((row) => row.organization_id)}::uuid[], ${rows.map((row) => row.id)}::uuid[]))`;
    const notifications = await sql`
      update notifications n set hint_after = 'infinity'
      where n.id = any(array(
        select n.id from templates t cross join lateral (
          select n.id from notifications n where ${waiting} order by n.hint_after limit ${perRound}) n
        where ${locked}))
      and ${afterLookup(sql`n.dispatched_at is null and n.hint_after <= carillon_now()`)}
    `.execute(transaction);
    const deliveries = await setAside(
      transaction,
      sql`select d.id from templates t cross join lateral (
          select d.id from deliveries d where ${due} limit ${perRound}) d
        where ${locked}`,
    );
    return Number(notifications.numAffectedRows ?? 0n) + deliveries;
  });
}

async function setAside(db: Database, due: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update deliveries d set scan_after = 'infinity',
      reason = case when d.reason = any(${[...heldReasons]}::text[]) then d.reason else 'paused' end
    where d.id = any(array(${due}))
      and ${afterLookup(sql`d.state = 'pending' and d.scan_after <= carillon_now()`)}
  `.execute(db);
  return Number(numAffectedRows);
}
