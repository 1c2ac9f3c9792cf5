import type { QuietMode, QuietWindow } from '../quiet-hours/quiet-window.ts';
import type { ChannelKind } from '../vocabulary.ts';

/**
 * One choice of a user for a part of what is sent. In `category`, `environment`, `project` and `kind`
 * the empty text means any. Of the other members each may be null or undefined, and then says nothing;
 * what it leaves open is looked for in the next broader row, member by member.
 */
export interface PreferenceRow {
  id: string;
  category: string;
  environment: string;
  project: string;
  kind: ChannelKind | '';
  /** Whether it is wanted; undefined on a row that only carries a window or a mode. */
  enabled: boolean | null | undefined;
  /** Quiet hours of this part; start = end switches a broader window off. */
  window: QuietWindow | null | undefined;
  /** What quiet time does to this part. */
  mode: QuietMode | null | undefined;
}

/** What a notification is about, as preferences see it; the empty text means none. */
export interface PreferenceScope {
  category: string;
  environment: string;
  project: string;
}

/**
 * How specifically a row speaks of this scope and kind: kind 8 + category 4 + environment 2 +
 * project 1, or undefined when the row is about something else. Rows are unique by these four, so
 * that no two rows which speak of one scope and kind are equally specific.
 */
export function specificityOf(
  row: PreferenceRow,
  scope: PreferenceScope,
  kind: ChannelKind,
): number | undefined {
  const isAbout =
    speaksOf(row.kind, kind) &&
    speaksOf(row.category, scope.category) &&
    speaksOf(row.environment, scope.environment) &&
    speaksOf(row.project, scope.project);
  if (!isAbout) return undefined;
  return (
    (row.kind === '' ? 0 : 8) +
    (row.category === '' ? 0 : 4) +
    (row.environment === '' ? 0 : 2) +
    (row.project === '' ? 0 : 1)
  );
}

/**
 * The most specific row about this scope and kind that `says` what is looked for. Independent of the
 * order of rows, also where two rows wrongly speak of the same (then the lower id wins).
 */
export function mostSpecificRow(
  rows: readonly PreferenceRow[],
  scope: PreferenceScope,
  kind: ChannelKind,
  says: (row: PreferenceRow) => boolean,
): PreferenceRow | undefined {
  let best: PreferenceRow | undefined;
  let bestSpecificity = -1;
  for (const row of rows) {
    const specificity = says(row) ? specificityOf(row, scope, kind) : undefined;
    if (specificity === undefined || specificity < bestSpecificity) continue;
    if (specificity === bestSpecificity && best !== undefined && best.id <= row.id) continue;
    best = row;
    bestSpecificity = specificity;
  }
  return best;
}

function speaksOf(own: string, asked: string): boolean {
  return own === '' || own === asked;
}
