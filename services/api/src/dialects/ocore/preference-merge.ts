import { InvalidError, type FieldError } from '@carillon/core';
import type { PreferenceRecord } from '@carillon/db';
import type { PreferenceWish } from '../../actions/preferences.ts';
import { isServed, type RowWish } from './preference-rows.ts';

/** A row as it is to be; empty texts are not set. */
interface Draft extends Pick<PreferenceWish, 'category' | 'environment' | 'project' | 'enabled' | 'mode'> {
  start: string;
  end: string;
  zone: string;
  before: PreferenceRecord | undefined;
  /** Of the last wish for it. */
  pointer: string;
}

/**
 * What rows become by wishes that name them by category, environment and project: what a wish leaves out stays, what
 * is empty is cleared, of wishes for one row the later wins. Only rows that change are answered, so that a client may
 * send back all that it read. Throws InvalidError for a row that would have one end of a window only.
 */
export function mergeWishes(rows: readonly PreferenceRecord[], wishes: readonly RowWish[]): PreferenceWish[] {
  const drafts = new Map<string, Draft>();
  const known = new Map(rows.filter(isServed).map((row) => [partOf(row), row]));
  for (const wish of wishes) {
    const part = partOf(wish);
    drafts.set(part, apply(drafts.get(part) ?? draftOf(known.get(part), wish), wish));
  }
  const changed = [...drafts.values()].filter(isChanged);
  refuseHalfWindows(changed);
  return changed.map(toWish);
}

function partOf({ category, environment, project }: Pick<RowWish, 'category' | 'environment' | 'project'>) {
  return JSON.stringify([category, environment, project]);
}

function draftOf(before: PreferenceRecord | undefined, wish: RowWish): Draft {
  const { category, environment, project, pointer } = wish;
  return {
    ...{ category, environment, project, pointer, before },
    enabled: before === undefined ? true : before.enabled,
    mode: before?.mode ?? null,
    start: before?.window_start ?? '',
    end: before?.window_end ?? '',
    zone: before?.zone ?? '',
  };
}

function apply(draft: Draft, { enabled, quietStart, quietEnd, timezone, pointer }: RowWish): Draft {
  return {
    ...{ ...draft, pointer },
    enabled: enabled ?? draft.enabled,
    start: quietStart ?? draft.start,
    end: quietEnd ?? draft.end,
    zone: timezone ?? draft.zone,
  };
}

function isChanged({ before, enabled, start, end, zone }: Draft): boolean {
  if (before === undefined || enabled !== before.enabled) return true;
  return [before.window_start, before.window_end, before.zone].some(
    (stored, index) => (stored ?? '') !== [start, end, zone][index],
  );
}

function refuseHalfWindows(drafts: readonly Draft[]): void {
  const errors = drafts
    .filter(({ start, end }) => (start === '') !== (end === ''))
    .map(({ start, pointer }): FieldError => {
      const [missing, set] = start === '' ? ['quietStart', 'quietEnd'] : ['quietEnd', 'quietStart'];
      const detail = `must be a time too, for ${set} is one; quiet hours have both or, both empty, none`;
      return { pointer: `${pointer}/${missing}`, detail };
    });
  const [first] = errors;
  if (first === undefined) return;
  throw new InvalidError('quiet_hours.invalid', `${first.pointer}: ${first.detail}`, { errors });
}

function toWish(draft: Draft): PreferenceWish {
  const { category, environment, project, mode, start, end, pointer, before } = draft;
  const zone = draft.zone === '' ? null : draft.zone;
  // oCore knows no weekdays: a window that it sets is for every day, one that it leaves as it was keeps its days.
  const isSame = before !== undefined && before.window_start === start && before.window_end === end;
  const window = start === '' ? null : { start, end, zone, days: isSame ? before.days : null };
  const saysNothing = draft.enabled === null && window === null && mode === null;
  return {
    ...{ category, environment, project, kind: '', mode, window, zone, pointer },
    // A row that only carried a window and loses it would say nothing at all: it says what a new one says.
    enabled: saysNothing ? true : draft.enabled,
  };
}
