import { sql } from 'kysely';
import type { ExternalKind, OrganizationId, UserId } from '@carillon/core';
import type { Database } from '../connect.ts';
import { releaseHeld } from './held.ts';

/** What a user switches off by a link: one category by one kind, or all of them where the category is empty. */
export interface SwitchPlace {
  organizationId: OrganizationId;
  userId: UserId;
  kind: ExternalKind;
  category: string;
}

/** How it stands, in words for its user. */
export interface SwitchState {
  isOff: boolean;
  isMandatory: boolean;
  /** Empty for all of them. */
  categoryName: string;
  organizationName: string;
  /** Of the user and of the organization. */
  locales: (string | null)[];
}

/** Undefined when the user or the organization is gone. */
export async function loadSwitchState(
  db: Database,
  { organizationId, userId, kind, category }: SwitchPlace,
): Promise<SwitchState | undefined> {
  const { rows } = await sql<SwitchState>`
    select coalesce(not p.enabled, false) as "isOff", coalesce(c.mandatory, false) as "isMandatory",
      coalesce(c.name, ${category}) as "categoryName", o.name as "organizationName",
      json_build_array(u.locale, o.locale) as locales
    from users u
    join organizations o on o.id = u.organization_id
    left join categories c on c.organization_id = o.id and c.key = ${category}
    left join preferences p on p.user_id = u.id and p.category = ${category} and p.environment = ''
      and p.project = '' and p.kind = ${kind}
    where u.id = ${userId} and u.organization_id = ${organizationId} and u.deleted_at is null
  `.execute(db);
  return rows[0];
}

/**
 * Switches it off, also where the user had switched a narrower part of it on (an environment, a template), since who
 * presses such a link wants no more of it. What is mandatory goes on. A window and a mode of the row stay. To be called
 * with the user locked (`lockOwner`); what is held is decided again at once.
 */
export async function switchOff(db: Database, place: SwitchPlace, newId: () => string): Promise<void> {
  const { organizationId, userId, kind, category } = place;
  await say(db, place, newId(), false);
  await sql`
    update preferences p set enabled = false, updated_at = carillon_now()
    where p.user_id = ${userId} and p.kind = ${kind} and p.enabled and ${isWithin(sql`p.category`, category)}
  `.execute(db);
  const { rows } = await sql<{ id: string }>`
    select distinct p.template_id as id from template_preferences p
    join templates t on t.organization_id = p.organization_id and t.id = p.template_id
    where p.user_id = ${userId} and p.kind in ('', ${kind}) and p.enabled and ${isWithin(sql`t.category`, category)}
      and not exists (select from template_preferences own where own.user_id = p.user_id
        and own.template_id = p.template_id and own.kind = ${kind} and not own.enabled)
    order by p.template_id
  `.execute(db);
  for (const template of rows) {
    await sql`
      insert into template_preferences (id, organization_id, user_id, template_id, kind, enabled)
      values (${newId()}, ${organizationId}, ${userId}, ${template.id}, ${kind}, false)
      on conflict (user_id, template_id, kind) do update set enabled = false, updated_at = carillon_now()
    `.execute(db);
  }
  await releaseHeld(db, { organizationId, userIds: [userId] });
}

/**
 * Takes `switchOff` back, with what was switched off at the same moment; whatever the user switched off otherwise stays
 * off. What nobody has said anything of then is as its defaults say. As `switchOff`, with the user locked.
 */
export async function switchBack(db: Database, place: SwitchPlace): Promise<void> {
  const { organizationId, userId, kind, category } = place;
  const { rows } = await sql<{ id: string; at: string; speaks: boolean }>`
    select id, updated_at::text as at, window_start is not null or mode is not null as speaks from preferences
    where user_id = ${userId} and category = ${category} and environment = '' and project = '' and kind = ${kind}
      and not enabled
  `.execute(db);
  const [row] = rows;
  if (row !== undefined) {
    await sql`
      update preferences set enabled = true, updated_at = carillon_now()
      where user_id = ${userId} and kind = ${kind} and not enabled and updated_at = ${row.at}::timestamptz
        and id <> ${row.id}
    `.execute(db);
    await sql`
      update template_preferences set enabled = true, updated_at = carillon_now()
      where user_id = ${userId} and kind = ${kind} and not enabled and updated_at = ${row.at}::timestamptz
    `.execute(db);
    await (
      row.speaks
        ? sql`update preferences set enabled = null, updated_at = carillon_now() where id = ${row.id}`
        : sql`delete from preferences where id = ${row.id}`
    ).execute(db);
  }
  await releaseHeld(db, { organizationId, userIds: [userId] });
}

/** Says outright that the user wants it. As `switchOff`, with the user locked. */
export async function switchOn(db: Database, place: SwitchPlace, newId: () => string): Promise<void> {
  await say(db, place, newId(), true);
  await releaseHeld(db, { organizationId: place.organizationId, userIds: [place.userId] });
}

/** A window and a mode of the row stay. */
async function say(db: Database, place: SwitchPlace, id: string, enabled: boolean): Promise<void> {
  const { organizationId, userId, kind, category } = place;
  await sql`
    insert into preferences (id, organization_id, user_id, category, kind, enabled)
    values (${id}, ${organizationId}, ${userId}, ${category}, ${kind}, ${enabled})
    on conflict (user_id, category, environment, project, kind) do update
      set enabled = excluded.enabled, updated_at = carillon_now()
  `.execute(db);
}

function isWithin(column: ReturnType<typeof sql>, category: string) {
  return category === '' ? sql`true` : sql`${column} = ${category}`;
}
