import type { Answer } from '@carillon/client';
import { kindName } from '../../kind-name.ts';

export type Effective = Answer<'getEffectivePreferences'>['data'][number];
export type Preference = Answer<'listPreferences'>['data'][number];

/** One line of the table: what holds for a category, by each kind. */
export interface EffectiveRow {
  category: string;
  cells: readonly Effective[];
}

/** What holds, as a table: a row for each category, a column for each of `kinds`. */
export function toRows(effective: readonly Effective[], kinds: ReadonlySet<string>): EffectiveRow[] {
  const rows = new Map<string, Effective[]>();
  for (const one of effective) {
    if (!kinds.has(one.kind)) continue;
    const cells = rows.get(one.category) ?? [];
    cells.push(one);
    rows.set(one.category, cells);
  }
  return [...rows].map(([category, cells]) => ({ category, cells }));
}

const layers: Readonly<Record<string, string>> = {
  mandatory: 'mandatory',
  template_preference: 'choice for the template',
  preference: 'own choice',
  template_default: 'as the template says',
  category_default: 'as the category says',
};

/** Which layer won, in a few words. */
export function layerText(layer: string): string {
  return layers[layer] ?? layer;
}

const quietLayers: Readonly<Record<string, string>> = {
  mandatory: 'it is mandatory and never waits',
  urgent: 'it is urgent and does not wait',
  reminder: 'a reminder does not wait',
  off: 'its mode is off: it never waits',
  mute: 'the user is muted',
  preference: 'a preference has quiet hours of its own',
  user: "the user's quiet hours",
  none: 'there are no quiet hours',
};

/** What decides about quiet time, in words. */
export function quietLayerText(layer: string): string {
  return quietLayers[layer] ?? layer;
}

const modes: Readonly<Record<string, string>> = {
  hold: 'held until the end',
  drop: 'dropped',
  digest: 'gathered into one message at the end',
  off: 'sent all the same',
};

/** What quiet time does, in words. */
export function modeText(mode: string): string {
  return modes[mode] ?? mode;
}

/** The preference for exactly this cell, where there is one: that which a change replaces. */
export function exactOf(preferences: readonly Preference[], cell: Effective): Preference | undefined {
  return preferences.find(
    ({ category, environment, project, kind }) =>
      category === cell.category &&
      environment === cell.environment &&
      project === cell.project &&
      kind === cell.kind,
  );
}

/** For which part of what is sent a preference is: "billing, by E-mail, in production". */
export function partText(part: Pick<Preference, 'category' | 'environment' | 'project' | 'kind'>): string {
  const { category, environment, project, kind } = part;
  const parts = [
    category === '' ? 'every category' : category,
    kind === '' ? 'by every way' : `by ${kindName(kind)}`,
    environment === '' ? '' : `in ${environment}`,
    project === '' ? '' : `of ${project}`,
  ];
  return parts.filter((text) => text !== '').join(', ');
}
