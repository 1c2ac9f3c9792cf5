import {
  type Template,
  type TemplatePart,
  type TemplatePreview,
  type TemplateVersion,
  type createTemplateVersion,
  type updateTemplate,
  type BodyOf,
} from '@carillon/contracts';
import { markdownToTextAndHtml } from '@carillon/core';
import type {
  NewTemplateVersion,
  TemplateFields,
  TemplatePartRecord,
  TemplateRecord,
  TemplateVersionRecord,
  TemplateVersionSummary,
} from '@carillon/db';
import type { Preview } from '../../actions/template-trials.ts';
import { isoOrNull } from '../notifications/wire.ts';

/** Wire → domain: what is not named stays undefined. */
export function toFields(body: BodyOf<typeof updateTemplate>): TemplateFields {
  const { name, group, category, urgent, mandatory, channels, enabled } = body;
  return {
    ...{ name, group, category, urgent, mandatory, enabled, kinds: channels },
    ...{ defaultEnabled: body.default_enabled, dispatchMethod: body.dispatch_method },
  };
}

export function toNewVersion(
  body: BodyOf<typeof createTemplateVersion>,
): Omit<NewTemplateVersion, 'createdBy'> {
  return {
    variants: body.variants.map((one) => ({
      ...{ kind: one.kind ?? '', locale: one.locale ?? '', title: one.title, body: one.body ?? '' },
      ...{ actions: one.actions ?? [], url: one.url ?? null, icon: one.icon ?? null },
    })),
    ...{ layout: body.layout ?? undefined, mailLayout: body.mail_layout ?? undefined },
    dataSchema: body.data_schema ?? undefined,
    sampleData: body.sample_data ?? {},
    onMissing: body.on_missing ?? 'empty',
  };
}

export function fromTemplate(row: TemplateRecord): Template {
  return {
    ...{ id: row.id, key: row.key, name: row.name, source: row.source, group: row.group_name },
    ...{ category: row.category, urgent: row.urgent, mandatory: row.mandatory, channels: row.kinds },
    default_enabled: row.default_enabled,
    dispatch_method: row.dispatch_method,
    enabled: row.enabled,
    published_version: row.published_version,
    latest_version: row.latest_version,
    paused_at: isoOrNull(row.paused_at),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

export function fromSummary(row: TemplateVersionSummary) {
  return {
    version: row.version,
    ...{ layout: row.layout, mail_layout: row.mail_layout },
    on_missing: row.on_missing,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    published_at: isoOrNull(row.published_at),
  };
}

export function fromVersion(row: TemplateVersionRecord): TemplateVersion {
  const { variants, data_schema, sample_data } = row;
  return { ...fromSummary(row), variants, data_schema, sample_data };
}

/** How many variables without data a preview names. */
const missingShown = 1_000;

export function fromPreview({ version, variant, rendered }: Preview): TemplatePreview {
  const { title, body, actions, url, icon, missing, cut, page = null } = rendered;
  return {
    ...{ version, kind: variant.kind, locale: variant.locale, title, body },
    ...markdownToTextAndHtml(body),
    ...{ page, actions },
    ...{ url: url ?? null, icon: icon ?? null, missing: missing.slice(0, missingShown), cut },
  };
}

export function fromPart(row: TemplatePartRecord): TemplatePart {
  return { ...fromPartSummary(row), source: row.source };
}

export function fromPartSummary({ part, key, updated_at }: Omit<TemplatePartRecord, 'source' | 'html'>) {
  return { part, key, updated_at: updated_at.toISOString() };
}
