import type { ChannelKind } from '../vocabulary.ts';
import { mostSpecificRow, type PreferenceRow, type PreferenceScope } from './preference-row.ts';

/** A user's choice about one template, for one kind or (empty text) for all that have no own row. */
export interface TemplatePreferenceRow {
  id: string;
  templateId: string;
  kind: ChannelKind | '';
  enabled: boolean;
}

/** What is sent, as far as preferences care: of a category, perhaps by a template. */
export interface PreferenceSubject {
  scope: PreferenceScope;
  /** Undefined for what is sent without a template: template rows and its default then say nothing. */
  templateId: string | undefined;
  /** Of the category or the template. */
  mandatory: boolean;
  /** Whether the template is on for those who chose nothing; undefined leaves it to the category. */
  templateDefault: boolean | null | undefined;
  /** Whether the category is on for those who chose nothing; undefined means on. */
  categoryDefault: boolean | null | undefined;
}

/** A user's rows, in any order; those about something else are passed over. */
export interface PreferenceRows {
  rows: readonly PreferenceRow[];
  templateRows: readonly TemplatePreferenceRow[];
}

/** The layers that can decide, first one first. */
export const preferenceLayers = [
  'mandatory',
  'template_preference',
  'preference',
  'template_default',
  'category_default',
] as const;
export type PreferenceLayer = (typeof preferenceLayers)[number];

/** Whether it is wanted, and who says so; `rowId` is the winning row's on the two layers of rows. */
export interface PreferenceDecision {
  enabled: boolean;
  layer: PreferenceLayer;
  rowId?: string;
}

/**
 * Whether the user wants this by this kind (the inbox is one too). Precedence: mandatory → the row of
 * the template with this kind → without kind → the most specific preference row that switches on or
 * off (`specificityOf`) → the template's default → the category's default → on. Pure, total, and
 * independent of the order of rows.
 */
export function resolvePreference(
  given: PreferenceRows & PreferenceSubject,
  kind: ChannelKind,
): PreferenceDecision {
  if (given.mandatory) return { enabled: true, layer: 'mandatory' };
  const templateRow = findTemplateRow(given, kind) ?? findTemplateRow(given, '');
  if (templateRow !== undefined) {
    return { enabled: templateRow.enabled, layer: 'template_preference', rowId: templateRow.id };
  }
  const row = mostSpecificRow(given.rows, given.scope, kind, ({ enabled }) => enabled != null);
  if (row?.enabled != null) return { enabled: row.enabled, layer: 'preference', rowId: row.id };
  if (given.templateId !== undefined && given.templateDefault != null) {
    return { enabled: given.templateDefault, layer: 'template_default' };
  }
  return { enabled: given.categoryDefault ?? true, layer: 'category_default' };
}

/** Rows are unique by template and kind; where two wrongly are not, the lower id wins in any order. */
function findTemplateRow(
  { templateRows, templateId }: PreferenceRows & PreferenceSubject,
  kind: ChannelKind | '',
): TemplatePreferenceRow | undefined {
  let found: TemplatePreferenceRow | undefined;
  for (const row of templateRows) {
    if (row.templateId !== templateId || row.kind !== kind) continue;
    if (found === undefined || row.id < found.id) found = row;
  }
  return found;
}
