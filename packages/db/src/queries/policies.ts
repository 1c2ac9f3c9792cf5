import { sql, type RawBuilder } from 'kysely';
import {
  firstZone,
  type CategoryPolicy,
  type OrganizationId,
  type PreferenceRow,
  type QuietMode,
  type QuietWindow,
  type RuleId,
  type RuleList,
  type RuleLists,
  type RuleType,
  type TemplatePreferenceRow,
  type UserId,
  type UserPolicy as DecidedPolicy,
} from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import type { Database } from '../connect.ts';

/** What one user wants and when, with what else a plan or a preview needs of the user. */
export interface UserPolicy extends DecidedPolicy {
  organizationId: OrganizationId;
  rows: PreferenceRow[];
  templateRows: TemplatePreferenceRow[];
  /** A plan made with it is good as long as the user's number is the same. */
  version: number;
  /** Where the user is who does not say so. */
  organizationZone: string;
  locale: string | undefined;
  organizationLocale: string;
}

export interface Policies {
  /** Who is removed or unknown is absent. */
  users: Map<UserId, UserPolicy>;
  /** By organization and key, of the organizations of these users; what has no row says nothing. */
  categories: Map<OrganizationId, Map<string, CategoryPolicy>>;
}

/** What an organization `o` says of its categories, as JSON. */
export const categories: RawBuilder<LoadedCategory[] | null> = sql`
  select json_agg(json_build_object('key', c.key, 'mandatory', c.mandatory, 'quietMode', c.quiet_mode,
    'defaultEnabled', c.default_enabled)) from categories c where c.organization_id = o.id`;

/**
 * Everything that decides whether and when these users are told, in one statement. All look-ups go by
 * primary and unique keys, so that a user without rows costs a few index probes. Stored windows that
 * cannot be understood stay as they are: core counts them as no quiet time and says so.
 */
export async function loadPolicies(db: Database, userIds: readonly UserId[]): Promise<Policies> {
  const policies: Policies = { users: new Map(), categories: new Map() };
  if (userIds.length === 0) return policies;
  // Arrays of texts, because PostgreSQL takes twice as long to make objects of rows (and a user may have
  // hundreds). The categories of an organization stand in its first row only.
  const { rows } = await sql<LoadedPolicy>`
    select u.id, coalesce(s.policy_version, 0) as version, u.organization_id as "organizationId", u.zone, u.locale,
      o.zone as "organizationZone", o.locale as "organizationLocale",
      q.window_start as start, q.window_end as "end", q.zone as "windowZone", q.days,
      q.urgent_passes as "urgentPasses", q.muted_until as "mutedUntil",
      (select array_to_json(array_agg(array[p.id::text, p.category, p.environment, p.project, p.kind,
          p.enabled::text, p.mode, p.window_start, p.window_end, p.zone, array_to_string(p.days, ',')]))
        from preferences p where p.user_id = u.id) as rows,
      (select array_to_json(array_agg(array[t.id::text, t.template_id::text, t.kind, t.enabled::text]))
        from template_preferences t where t.user_id = u.id) as "templateRows",
      (select array_to_json(array_agg(array[r.id::text, r.important::text, r.position::text, r.type,
          r.wait_seconds::text]))
        from rules r where r.user_id = u.id) as rules,
      (select array_to_json(array_agg(array[l.important::text, l.repeat_times::text, l.repeat_every_seconds::text]))
        from rule_lists l where l.user_id = u.id) as "ruleLists",
      case when row_number() over (partition by u.organization_id) = 1 then (
        ${categories}) end as categories
    from users u
    join organizations o on o.id = u.organization_id
    left join inbox_state s on s.user_id = u.id
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
/** Columns in the order of the statement, all as texts. */
type LoadedRow = [
  id: string,
  category: string,
  environment: string,
  project: string,
  kind: PreferenceRow['kind'],
  enabled: 'true' | 'false' | null,
  mode: QuietMode | null,
  start: string | null,
  end: string | null,
  zone: string | null,
  days: string | null,
];
type LoadedTemplateRow = [
  id: string,
  templateId: string,
  kind: TemplatePreferenceRow['kind'],
  enabled: 'true' | 'false',
];
type LoadedRule = [
  id: RuleId,
  important: 'true' | 'false',
  position: string,
  type: RuleType,
  waitSeconds: string | null,
];
type LoadedRuleList = [important: 'true' | 'false', times: string, everySeconds: string | null];
export type LoadedCategory = CategoryPolicy & { key: string };

interface LoadedPolicy extends LoadedWindow {
  id: UserId;
  version: number;
  organizationId: OrganizationId;
  zone: string | null;
  locale: string | null;
  organizationZone: string;
  organizationLocale: string;
  windowZone: string | null;
  urgentPasses: boolean | null;
  mutedUntil: Date | null;
  rows: LoadedRow[] | null;
  templateRows: LoadedTemplateRow[] | null;
  rules: LoadedRule[] | null;
  ruleLists: LoadedRuleList[] | null;
  categories: LoadedCategory[] | null;
}

function toPolicy(row: LoadedPolicy): UserPolicy {
  const zone = firstZone(row.zone, row.organizationZone);
  return {
    organizationId: row.organizationId,
    version: row.version,
    organizationZone: row.organizationZone,
    rows: row.rows === null ? [] : row.rows.map((one) => toPreferenceRow(one, zone)),
    templateRows: row.templateRows === null ? [] : row.templateRows.map(toTemplateRow),
    window: toWindow(row, row.windowZone, zone),
    urgentPasses: row.urgentPasses ?? true,
    muteUntil: row.mutedUntil ?? undefined,
    zone,
    locale: row.locale ?? undefined,
    organizationLocale: row.organizationLocale,
    ...(row.rules !== null && { rules: toRuleLists(row.rules, row.ruleLists ?? []) }),
  };
}

function toRuleLists(rows: readonly LoadedRule[], lists: readonly LoadedRuleList[]): RuleLists {
  const listOf = (important: 'true' | 'false'): RuleList => {
    const [, times, everySeconds] = lists.find(([which]) => which === important) ?? [];
    return {
      rules: rows
        .filter(([, which]) => which === important)
        .map(([id, , position, type, waitSeconds]) => ({
          ...{ id, position: Number(position), type },
          waitSeconds: waitSeconds === null ? undefined : Number(waitSeconds),
        })),
      repeatTimes: Number(times ?? 0),
      repeatEverySeconds: everySeconds == null ? undefined : Number(everySeconds),
    };
  };
  return { default: listOf('false'), important: listOf('true') };
}

function toPreferenceRow(row: LoadedRow, userZone: string): PreferenceRow {
  const [id, category, environment, project, kind, enabled, mode, start, end, zone, days] = row;
  const window =
    start === null
      ? undefined
      : toWindow({ start, end, days: days === null ? null : days.split(',').map(Number) }, zone, userZone);
  return {
    ...{ id, category, environment, project, kind, mode, window },
    enabled: enabled === null ? null : enabled === 'true',
  };
}

function toTemplateRow([id, templateId, kind, enabled]: LoadedTemplateRow): TemplatePreferenceRow {
  return { id, templateId, kind, enabled: enabled === 'true' };
}

function toWindow(
  { start, end, days }: LoadedWindow,
  zone: string | null,
  userZone: string,
): QuietWindow | undefined {
  if (start === null || end === null) return undefined;
  return { start, end, zone: firstZone(zone, userZone), days };
}

export function toCategories(rows: readonly LoadedCategory[]): Map<string, CategoryPolicy> {
  return new Map(rows.map(({ key, ...policy }) => [key, policy]));
}
