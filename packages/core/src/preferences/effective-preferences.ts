import type { ChannelKind } from '../vocabulary.ts';
import {
  resolvePreference,
  type PreferenceDecision,
  type PreferenceRows,
  type PreferenceSubject,
} from './resolve-preference.ts';

/** What holds for one subject (a category, or a template in its category) by one kind. */
export interface EffectivePreference extends PreferenceDecision {
  category: string;
  environment: string;
  project: string;
  templateId: string | undefined;
  kind: ChannelKind;
}

/**
 * The table behind a preference page: for each subject and each kind whether it is on, and which
 * layer and row say so. In the order given, all kinds of the first subject first. The same function
 * decides deliveries, so that the page shows what will happen.
 */
export function effectivePreferences(
  { rows, templateRows }: PreferenceRows,
  subjects: readonly PreferenceSubject[],
  kinds: readonly ChannelKind[],
): EffectivePreference[] {
  return subjects.flatMap((subject) =>
    kinds.map((kind) => ({
      ...subject.scope,
      templateId: subject.templateId,
      kind,
      ...resolvePreference({ ...subject, rows, templateRows }, kind),
    })),
  );
}
