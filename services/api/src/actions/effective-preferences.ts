import {
  channelKinds,
  effectivePreferences,
  governingWindow,
  NotFoundError,
  resolveQuiet,
  type ChannelKind,
  type EffectivePreference,
  type OrganizationId,
  type PreferenceScope,
  type PreferenceSubject,
  type QuietDecision,
  type QuietWindow,
  type CategoryPolicy,
} from '@carillon/core';
import {
  inOrganization,
  listChannels,
  loadPolicies,
  loadNow,
  type Database,
  type TemplateStanding,
  type UserPolicy,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import { findUser } from './find-user.ts';
import { getTemplate } from './preferences.ts';

/** What is asked about; the empty text means none. */
export interface EffectiveQuestion {
  category: string | undefined;
  environment: string;
  project: string;
  /** Id or key. */
  template: string | undefined;
}

/** What holds for one subject by one kind. */
export interface EffectiveRow extends EffectivePreference {
  /** Whether the organization has a channel of this kind, or it is the inbox. */
  available: boolean;
  mandatory: boolean;
  /** Undefined for the inbox, which is never quiet. */
  quiet:
    | { decision: QuietDecision; window: QuietWindow | undefined; windowRowId: string | undefined }
    | undefined;
}

/** The category of notifications that name none. */
const usualCategory = 'general';

/**
 * For each category that is asked about, by each kind, what holds for a user now and why: by the functions
 * that decide deliveries. Throws NotFoundError, and InvalidError for an unknown template.
 */
export async function listEffective(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  reference: string,
  question: EffectiveQuestion,
): Promise<EffectiveRow[]> {
  const { id: userId } = await findUser(deps, caller, reference);
  const { organizationId } = caller.user;
  return inOrganization(deps.db, organizationId, async (db) => {
    const template = await loadTemplate(db, organizationId, question.template);
    const { users, categories } = await loadPolicies(db, [userId]);
    const policy = users.get(userId);
    if (policy === undefined) throw new NotFoundError('user.not_found', 'There is no such user');
    const known = categories.get(organizationId) ?? new Map<string, CategoryPolicy>();
    const now = await loadNow(db);
    const kinds = new Set((await listChannels(db, organizationId)).map(({ kind }) => kind));
    return categoriesOf(question, template, policy, known).flatMap((category) =>
      rowsOf(policy, subjectOf(question, category, template, known), known.get(category), { now, kinds }),
    );
  });
}

function loadTemplate(
  db: Database,
  organizationId: OrganizationId,
  reference: string | undefined,
): Promise<TemplateStanding> | undefined {
  return reference === undefined ? undefined : getTemplate(db, organizationId, reference, '/query/template');
}

function categoriesOf(
  { category }: EffectiveQuestion,
  template: TemplateStanding | undefined,
  policy: UserPolicy,
  known: ReadonlyMap<string, CategoryPolicy>,
): string[] {
  const one = category ?? template?.category;
  if (one !== undefined) return [one];
  const preferred = policy.rows.map((row) => row.category).filter((key) => key !== '');
  return [...new Set([usualCategory, ...known.keys(), ...preferred])].toSorted();
}

function subjectOf(
  { environment, project }: EffectiveQuestion,
  category: string,
  template: TemplateStanding | undefined,
  known: ReadonlyMap<string, CategoryPolicy>,
): PreferenceSubject {
  const policy = known.get(category);
  return {
    scope: { category, environment, project },
    templateId: template?.id,
    mandatory: (policy?.mandatory ?? false) || (template?.mandatory ?? false),
    templateDefault: template?.defaultEnabled,
    categoryDefault: policy?.defaultEnabled,
  };
}

function rowsOf(
  policy: UserPolicy,
  subject: PreferenceSubject,
  category: CategoryPolicy | undefined,
  { now, kinds }: { now: Date; kinds: ReadonlySet<ChannelKind> },
): EffectiveRow[] {
  return effectivePreferences(policy, [subject], channelKinds).map((row) => ({
    ...row,
    available: row.kind === 'inbox' || kinds.has(row.kind),
    mandatory: subject.mandatory,
    quiet: row.kind === 'inbox' ? undefined : quietOf(policy, subject, row, category, now),
  }));
}

function quietOf(
  policy: UserPolicy,
  { scope, mandatory }: { scope: PreferenceScope; mandatory: boolean },
  { kind }: EffectivePreference,
  category: CategoryPolicy | undefined,
  now: Date,
): EffectiveRow['quiet'] {
  const context = { rows: policy.rows, scope, kind, userWindow: policy.window };
  const governing = governingWindow(context);
  const decision = resolveQuiet(
    {
      ...context,
      ...{ mandatory, urgent: false, userForbidsUrgent: !policy.urgentPasses },
      ...{ muteUntil: policy.muteUntil, mode: category?.quietMode },
    },
    now,
  );
  return { decision, window: governing?.window, windowRowId: governing?.rowId };
}
