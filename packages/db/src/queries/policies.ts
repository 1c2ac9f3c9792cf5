import { sql } from 'kysely';
import {
  firstZone,
  type OrganizationId,
  type PreferenceRow,
  type QuietMode,
  type QuietWindow,
  type TemplatePreferenceRow,
  type UserId,
} from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import type { Database } from '../connect.ts';

/** What an organization says about a category, for those who chose nothing. */
export interface CategoryPolicy {
  mandatory: boolean;
  quietMode: QuietMode;
  defaultEnabled: boolean;
}

/** What one user wants and when, in the shapes that `resolvePreference` and `resolveQuiet` take. */
export interface UserPolicy {
  organizationId: OrganizationId;
  rows: PreferenceRow[];
  templateRows: TemplatePreferenceRow[];
  /** The user's quiet hours; undefined when none are set. */
  window: QuietWindow | undefined;
  /** Whether quiet hours let urgent notifications through. */
  urgentPasses: boolean;
  /** May lie in the past: whoever decides compares. */
  muteUntil: Date | undefined;
  /** The user's, else the organization's, else UTC; every window without an own zone is meant in it. */
  zone: string;
  locale: string | undefined;
  organizationLocale: string;
}

export interface Policies {
  /** Who is removed or unknown is absent. */
  users: Map<UserId, UserPolicy>;
  /** By organization and key, of the organizations of these users; what has no row says nothing. */
  categories: Map<OrganizationId, Map<string, CategoryPolicy>>;
}

/**
 * Everything that decides whether and when these users are told, in one statement. All look-ups go by
 * primary and unique keys, so that a user without rows costs a few index probes. Stored windows that
 * cannot be understood stay as they are: core counts them as no quiet time and says so.
 */
export async function loadPolicies(db: Database, userIds: readonly UserId[]): Promise<Policies> {
  const policies: Policies = { users: new Map(), categories: new Map() };
  if (userIds.length === 0) return policies;
  // The categories of an organization stand in its first row only.
  const { rows } = await sql<LoadedPolicy>`
    select u.id, u.organization_id as "organizationId", u.zone, u.locale,
      o.zone as "organizationZone", o.locale as "organizationLocale",
      q.window_start as start, q.window_end as "end", q.zone as "windowZone", q.days,
      q.urgent_passes as "urgentPasses", q.muted_until as "mutedUntil",
      (select json_agg(json_build_object('id', p.id, 'category', p.category, 'environment', p.environment,
          'project', p.project, 'kind', p.kind, 'enabled', p.enabled, 'mode', p.mode,
          'start', p.window_start, 'end', p.window_end, 'zone', p.zone, 'days', p.days))
        from preferences p where p.user_id = u.id) as rows,
      (select json_agg(json_build_object('id', t.id, 'templateId', t.template_id, 'kind', t.kind,
          'enabled', t.enabled))
        from template_preferences t where t.user_id = u.id) as "templateRows",
      case when row_number() over (partition by u.organization_id) = 1 then (
        select json_agg(json_build_object('key', c.key, 'mandatory', c.mandatory, 'quietMode', c.quiet_mode,
          'defaultEnabled', c.default_enabled))
        from categories c where c.organization_id = u.organization_id) end as categories
    from users u
    join organizations o on o.id = u.organization_id
    left join quiet_hours q on q.user_id = u.id
    where u.id = any(${userIds}::uuid[]) and ${afterLookup(sql`u.deleted_at is null`)}
  `.execute(db);
  for (const row of rows) {
    policies.users.set(row.id, toPolicy(row));
    if (row.categories !== null) policies.categories.set(row.organizationId, toCategories(row.categories));
  }
  return policies;
}

interface LoadedWindow {
  start: string | null;
  end: string | null;
  days: number[] | null;
}
type LoadedRow = Omit<PreferenceRow, 'window'> & LoadedWindow & { zone: string | null };
type LoadedCategory = CategoryPolicy & { key: string };

interface LoadedPolicy extends LoadedWindow {
  id: UserId;
  organizationId: OrganizationId;
  zone: string | null;
  locale: string | null;
  organizationZone: string;
  organizationLocale: string;
  windowZone: string | null;
  urgentPasses: boolean | null;
  mutedUntil: Date | null;
  rows: LoadedRow[] | null;
  templateRows: TemplatePreferenceRow[] | null;
  categories: LoadedCategory[] | null;
}

function toPolicy(row: LoadedPolicy): UserPolicy {
  const zone = firstZone(row.zone, row.organizationZone);
  return {
    organizationId: row.organizationId,
    rows: row.rows === null ? [] : row.rows.map((one) => toPreferenceRow(one, zone)),
    templateRows: row.templateRows ?? [],
    window: toWindow(row, row.windowZone, zone),
    urgentPasses: row.urgentPasses ?? true,
    muteUntil: row.mutedUntil ?? undefined,
    zone,
    locale: row.locale ?? undefined,
    organizationLocale: row.organizationLocale,
  };
}

function toPreferenceRow(row: LoadedRow, userZone: string): PreferenceRow {
  const { id, category, environment, project, kind, enabled, mode } = row;
  return {
    id,
    category,
    environment,
    project,
    kind,
    enabled,
    mode,
    window: toWindow(row, row.zone, userZone),
  };
}

function toWindow(
  { start, end, days }: LoadedWindow,
  zone: string | null,
  userZone: string,
): QuietWindow | undefined {
  if (start === null || end === null) return undefined;
  return { start, end, zone: firstZone(zone, userZone), days };
}

function toCategories(rows: readonly LoadedCategory[]): Map<string, CategoryPolicy> {
  return new Map(rows.map(({ key, ...policy }) => [key, policy]));
}
