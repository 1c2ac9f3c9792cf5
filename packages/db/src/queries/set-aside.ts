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
        where d.kind = any(${[...externalKinds]}::text[]) and d.organization_id = ${organizationId}
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

/**
 * Due rows of one channel (or notifications of one organization) that one round looks at, those that come up first
 * before the others: a backlog of what is not paused is not walked again and again.
 */
const lookedAt = 5_000;

/** A row that is due, and what it may wait for. */
interface Candidate {
  id: string;
  organizationId: OrganizationId;
  /** Of the channel or template, which was paused at the moment of the look. */
  pausedId: string;
}

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

/** Of the deliveries of one channel `c`. Uses deliveries_scan. */
const firstDue = sql`
  select d.id, d.channel_id, d.notification_id from deliveries d
  where d.kind = c.kind and d.organization_id = c.organization_id and d.channel_id = c.id and d.state = 'pending'
    and d.scan_after <= carillon_now()
  order by d.scan_after limit ${lookedAt}`;

/** Organizations and kinds that are paused themselves are not scanned: their rows stay as they are. */
async function setAsideOfChannels(db: Database): Promise<number> {
  const { rows: due } = await sql<Candidate>`
    select d.id, c.organization_id as "organizationId", d.channel_id as "pausedId"
    from channels c
    join organizations o on o.id = c.organization_id and o.paused_at is null and c.kind <> all(o.paused_kinds)
    cross join lateral (${firstDue}) d
    where c.paused_at is not null
  `.execute(db);
  if (due.length === 0) return 0;
  return inTransaction(db, async (transaction) => {
    const { rows: paused } = await sql<{ id: ChannelId }>`
      select id from channels where id = any(${[...new Set(due.map((one) => one.pausedId))]}::uuid[])
        and paused_at is not null
      order by id for share
    `.execute(transaction);
    const ids = new Set<string>(paused.map((one) => one.id));
    return setAside(
      transaction,
      due.filter((one) => ids.has(one.pausedId)),
    );
  });
}

/** Templates that came with Carillon have the same id in every organization. Uses notifications_undispatched too. */
async function setAsideOfTemplates(db: Database): Promise<number> {
  const { rows: due } = await sql<Candidate & { isDelivery: boolean }>`
    with s as (
      select t.organization_id, array_agg(t.id) as paused from templates t
      join organizations o on o.id = t.organization_id and o.paused_at is null
      where t.paused_at is not null group by 1)
    select n.id, s.organization_id as "organizationId", n.template_id as "pausedId", false as "isDelivery"
    from s cross join lateral (
      select n.id, n.template_id from notifications n
      where n.organization_id = s.organization_id and n.dispatched_at is null and n.hint_after <= carillon_now()
      order by n.hint_after limit ${lookedAt}) n
    where n.template_id = any(s.paused)
    union all
    select d.id, s.organization_id, n.template_id, true
    from s join channels c on c.organization_id = s.organization_id
    cross join lateral (${firstDue}) d
    join notifications n on n.id = d.notification_id and ${afterLookup(sql`n.template_id = any(s.paused)`)}
  `.execute(db);
  if (due.length === 0) return 0;
  return inTransaction(db, async (transaction) => {
    const { rows: paused } = await sql<{ key: string }>`
      select organization_id || ' ' || id as key from templates
      where (organization_id, id) in (select * from unnest(${due.map((one) => one.organizationId)}::uuid[],
          ${due.map((one) => one.pausedId)}::uuid[]))
        and paused_at is not null
      order by organization_id, id for share
    `.execute(transaction);
    const keys = new Set(paused.map((one) => one.key));
    const still = due.filter((one) => keys.has(`${one.organizationId} ${one.pausedId}`));
    const notifications = still.filter((one) => !one.isDelivery).map((one) => one.id);
    const { numAffectedRows = 0n } = await sql`
      update notifications n set hint_after = 'infinity' where n.id = any(${notifications}::uuid[])
        and ${afterLookup(sql`n.dispatched_at is null and n.hint_after <= carillon_now()`)}
    `.execute(transaction);
    const deliveries = await setAside(
      transaction,
      still.filter((one) => one.isDelivery),
    );
    return Number(numAffectedRows) + deliveries;
  });
}

async function setAside(db: Database, due: readonly Candidate[]): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update deliveries d set scan_after = 'infinity',
      reason = case when d.reason = any(${[...heldReasons]}::text[]) then d.reason else 'paused' end
    where d.id = any(${due.map((one) => one.id)}::uuid[])
      and ${afterLookup(sql`d.state = 'pending' and d.scan_after <= carillon_now()`)}
  `.execute(db);
  return Number(numAffectedRows);
}
