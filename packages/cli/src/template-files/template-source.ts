import type { Template, TemplatePart, TemplateVersion } from '@carillon/client';

/** How a template treats what it sends: what of it is the same for all versions. */
export type TemplateSettings = Pick<
  Template,
  | 'name'
  | 'group'
  | 'category'
  | 'urgent'
  | 'mandatory'
  | 'channels'
  | 'default_enabled'
  | 'dispatch_method'
  | 'enabled'
>;

/** What a version says. */
export type TemplateSources = Pick<
  TemplateVersion,
  'variants' | 'layout' | 'mail_layout' | 'on_missing' | 'data_schema' | 'sample_data'
>;

export type Variant = TemplateSources['variants'][number];

/** A template as a folder has it. */
export interface TemplateSource {
  key: string;
  settings: TemplateSettings;
  sources: TemplateSources;
}

/** A partial or a layout as a file has it. */
export type PartSource = Pick<TemplatePart, 'part' | 'key' | 'source'>;

/** Everything of one organization, or of one directory. */
export interface TemplateSet {
  templates: readonly TemplateSource[];
  parts: readonly PartSource[];
}

/** What stands for a setting that a file leaves out: the same as for a field that a create call leaves out. */
export const defaultSettings: Omit<TemplateSettings, 'name'> = {
  ...{ group: '', category: 'general', urgent: false, mandatory: false, channels: null },
  ...{ default_enabled: null, dispatch_method: null, enabled: true },
};

export const defaultSources: Omit<TemplateSources, 'variants'> = {
  ...{ layout: null, mail_layout: null, on_missing: 'empty', data_schema: null, sample_data: {} },
};

export function settingsOf(template: TemplateSettings): TemplateSettings {
  const { name, group, category, urgent, mandatory, channels } = template;
  const { default_enabled, dispatch_method, enabled } = template;
  return {
    ...{ name, group, category, urgent, mandatory, channels },
    ...{ default_enabled, dispatch_method, enabled },
  };
}

/** With variants in one order and line ends of one form, so that two that say the same are equal. */
export function sourcesOf(version: TemplateSources): TemplateSources {
  const { layout, mail_layout, on_missing, data_schema, sample_data } = version;
  const variants = version.variants
    .map((variant) => ({ ...variant, body: unixLines(variant.body) }))
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return { variants, layout, mail_layout, on_missing, data_schema, sample_data };
}

/** How a variant is called in files and plans: `default`, `default.de`, `email`, `email.de`. */
export function nameOf({ kind, locale }: Pick<Variant, 'kind' | 'locale'>): string {
  const kindName = kind === '' ? 'default' : kind;
  return locale === '' ? kindName : `${kindName}.${locale}`;
}

export function unixLines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
