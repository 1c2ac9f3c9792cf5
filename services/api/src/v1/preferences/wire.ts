import type {
  EffectivePreference,
  Preference,
  PreferenceWrite,
  QuietHours,
  QuietWindow,
  TemplatePreference,
} from '@carillon/contracts';
import type { PreferenceRecord, QuietHoursRecord, TemplatePreferenceRecord } from '@carillon/db';
import type { EffectiveRow } from '../../actions/effective-preferences.ts';
import type { PreferenceWish } from '../../actions/preferences.ts';
import { isoOrNull } from '../notifications/wire.ts';

/** Wire → domain. `pointer` is the JSON pointer of the preference within the request's body. */
export function toPreferenceWish(body: PreferenceWrite, pointer: string): PreferenceWish {
  return {
    category: body.category ?? '',
    environment: body.environment ?? '',
    project: body.project ?? '',
    kind: body.kind ?? '',
    enabled: body.enabled ?? null,
    window: body.quiet_hours ?? null,
    mode: body.quiet_mode ?? null,
    pointer,
  };
}

/** Domain → wire. */
export function fromPreference(row: PreferenceRecord): Preference {
  return {
    id: row.id,
    category: row.category,
    environment: row.environment,
    project: row.project,
    kind: row.kind,
    enabled: row.enabled,
    quiet_hours: fromWindow(row),
    quiet_mode: row.mode,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** Domain → wire. */
export function fromTemplatePreference(row: TemplatePreferenceRecord): TemplatePreference {
  return {
    id: row.id,
    template_id: row.template_id,
    template_key: row.template_key,
    kind: row.kind,
    enabled: row.enabled,
    updated_at: row.updated_at.toISOString(),
  };
}

const neverSet: QuietHours = {
  ...{ start: null, end: null, zone: null, days: null },
  ...{ urgent_passes: true, muted_until: null, updated_at: null },
};

/** Domain → wire; who never set anything has no window and lets urgent notifications through. */
export function fromQuietHours(row: QuietHoursRecord | undefined): QuietHours {
  if (row === undefined) return neverSet;
  return {
    start: row.window_start,
    end: row.window_end,
    zone: row.zone,
    days: row.days,
    urgent_passes: row.urgent_passes,
    muted_until: isoOrNull(row.muted_until),
    updated_at: row.updated_at.toISOString(),
  };
}

/** Domain → wire. */
export function fromEffective(row: EffectiveRow): EffectivePreference {
  return {
    category: row.category,
    environment: row.environment,
    project: row.project,
    template_id: row.templateId ?? null,
    kind: row.kind,
    available: row.available,
    enabled: row.enabled,
    mandatory: row.mandatory,
    decided_by: row.layer,
    preference_id: row.rowId ?? null,
    quiet: row.quiet === undefined ? null : fromQuiet(row.quiet),
  };
}

function fromQuiet({
  decision,
  window,
  windowRowId,
}: NonNullable<EffectiveRow['quiet']>): EffectivePreference['quiet'] {
  const { mode, modeSource, winner, quiet, until } = decision;
  return {
    mode,
    mode_preference_id: modeSource.layer === 'preference' ? modeSource.rowId : null,
    window: window === undefined ? null : { ...window, days: window.days == null ? null : [...window.days] },
    window_preference_id: windowRowId ?? null,
    quiet_now: quiet,
    until: isoOrNull(until ?? null),
    decided_by: winner.layer,
  };
}

function fromWindow(row: PreferenceRecord): QuietWindow | null {
  const { window_start: start, window_end: end, zone, days } = row;
  return start === null || end === null ? null : { start, end, zone, days };
}
