import type { ColumnType, Generated } from 'kysely';
import type { Action, ChannelKind, OrganizationId, QuietMode, UserId } from '@carillon/core';
import type { Json, JsonDefault, JsonNull } from './schema.ts';

/** A window of quiet time as it is stored: both times or none. */
interface WindowColumns {
  window_start: string | null;
  window_end: string | null;
  /** Null means the user's zone. */
  zone: string | null;
  /** ISO weekdays on which the window starts; null means all. */
  days: number[] | null;
}

export interface CategoriesTable {
  organization_id: OrganizationId;
  key: string;
  name: string;
  description: Generated<string>;
  mandatory: Generated<boolean>;
  quiet_mode: Generated<QuietMode>;
  default_enabled: Generated<boolean>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** The empty text in category, environment, project and kind means any. */
export interface PreferencesTable extends WindowColumns {
  id: string;
  organization_id: OrganizationId;
  user_id: UserId;
  category: Generated<string>;
  environment: Generated<string>;
  project: Generated<string>;
  kind: ColumnType<ChannelKind | '', ChannelKind | '' | undefined>;
  enabled: boolean | null;
  mode: QuietMode | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface TemplatePreferencesTable {
  id: string;
  organization_id: OrganizationId;
  user_id: UserId;
  template_id: string;
  kind: ColumnType<ChannelKind | '', ChannelKind | '' | undefined>;
  enabled: boolean;
  updated_at: Generated<Date>;
}

export interface QuietHoursTable extends WindowColumns {
  user_id: UserId;
  organization_id: OrganizationId;
  urgent_passes: Generated<boolean>;
  muted_until: Date | null;
  updated_at: Generated<Date>;
}

export interface TemplatesTable {
  id: string;
  organization_id: OrganizationId;
  key: string;
  name: string;
  source: Generated<'custom' | 'system'>;
  group_name: Generated<string>;
  category: Generated<string>;
  urgent: Generated<boolean>;
  mandatory: Generated<boolean>;
  kinds: ChannelKind[] | null;
  default_enabled: boolean | null;
  dispatch_method: ChannelKind | null;
  /** Without a method of its own it goes out by the default of the organization alone. */
  single_method: Generated<boolean>;
  enabled: Generated<boolean>;
  published_version: number | null;
  /** Since when what is sent by it waits; null when it runs. */
  paused_at: Date | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  deleted_at: Date | null;
}

/** One wording for one channel kind ('' = any) and locale ('' = any). */
export interface TemplateVariant {
  kind: ChannelKind | '';
  locale: string;
  title: string;
  body: string;
  actions: Action[];
  url: string | null;
  icon: string | null;
}

export interface TemplateVersionsTable {
  template_id: string;
  version: number;
  organization_id: OrganizationId;
  variants: Json<TemplateVariant[]>;
  /** Key of the layout around the body. */
  layout: string | null;
  /** Source of the layout, frozen at publishing. */
  layout_source: string | null;
  /** Key of the layout around mails. */
  mail_layout: string | null;
  /** That layout as HTML, frozen at publishing. */
  mail_layout_html: string | null;
  data_schema: JsonNull<Record<string, unknown>>;
  sample_data: JsonDefault<Record<string, unknown>>;
  on_missing: Generated<'empty' | 'refuse'>;
  /** Sources of the partials by name, frozen at publishing so that a version always says the same. */
  partials: JsonDefault<Record<string, string>>;
  created_by: string | null;
  created_at: Generated<Date>;
  published_at: Date | null;
}

export interface TemplatePartsTable {
  organization_id: OrganizationId;
  part: 'partial' | 'layout' | 'mail_layout';
  key: string;
  source: string;
  /** What the source of a layout for mails was compiled to. */
  html: string | null;
  updated_at: Generated<Date>;
}
