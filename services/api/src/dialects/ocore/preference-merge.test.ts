import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OrganizationId, UserId } from '@carillon/core';
import type { PreferenceRecord } from '@carillon/db';
import type { PreferenceWish } from '../../actions/preferences.ts';
import { mergeWishes } from './preference-merge.ts';
import { readPreferences, toRows, type RowWish } from './preference-rows.ts';

const at = new Date('2026-03-01T12:00:00Z');
const names = fc.constantFrom('', 'a', 'b');
const times = fc.constantFrom('00:00', '07:00', '22:00');
const windows = fc.option(
  fc.record({ window_start: times, window_end: times, days: fc.constantFrom<number[] | null>(null, [1, 2]) }),
  { nil: { window_start: null, window_end: null, days: null } },
);
const record: fc.Arbitrary<PreferenceRecord> = fc
  .record({
    ...{ id: fc.uuid(), category: names, environment: names, project: names },
    kind: fc.constantFrom('' as const, '' as const, 'email' as const),
    enabled: fc.constantFrom(null, true, false),
    zone: fc.constantFrom(null, 'UTC', 'Europe/Berlin'),
    mode: fc.constantFrom(null, 'digest' as const),
    window: windows,
  })
  .map(({ window, ...row }) => ({
    ...{ ...row, ...window, created_at: at, updated_at: at },
    ...{ organization_id: 'o' as OrganizationId, user_id: 'u' as UserId },
  }));
const records = fc.uniqueArray(record, {
  selector: ({ category, environment, project, kind }) => [category, environment, project, kind].join('|'),
});
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const bounds = fc.constantFrom(
  { quietStart: undefined, quietEnd: undefined },
  { quietStart: '', quietEnd: '' },
  { quietStart: '22:00', quietEnd: '06:00' },
);
const wish: fc.Arbitrary<RowWish> = fc
  .record({
    ...{ category: names, environment: names, project: names },
    ...{ enabled: optional(fc.boolean()), timezone: optional(fc.constantFrom('', 'Asia/Kolkata')) },
    ...{ bounds, pointer: fc.constant('/preferences/0') },
  })
  .map(({ bounds: both, ...rest }) => ({ ...rest, ...both }));

/** What the store makes of wishes. */
function stored(rows: readonly PreferenceRecord[], wishes: readonly PreferenceWish[]): PreferenceRecord[] {
  const partOf = (row: PreferenceWish | PreferenceRecord) =>
    [row.category, row.environment, row.project, row.kind].join('|');
  const byPart = new Map(rows.map((row) => [partOf(row), row]));
  for (const { window, pointer: _pointer, zone = null, ...one } of wishes) {
    const times = { window_start: window?.start ?? null, window_end: window?.end ?? null };
    const days = window?.days == null ? null : [...window.days];
    byPart.set(partOf({ ...one, window, pointer: '' }), {
      ...{ id: 'new', organization_id: 'o' as OrganizationId, user_id: 'u' as UserId, created_at: at },
      ...{ ...byPart.get(partOf({ ...one, window, pointer: '' })), ...one, ...times, days, updated_at: at },
      zone: window?.zone ?? zone,
    });
  }
  return [...byPart.values()];
}

describe('merging wishes into rows', () => {
  it('changes no row that comes back as it was shown, unless it left open what it now says', () => {
    fc.assert(
      fc.property(records, (rows) => {
        const wishes = readPreferences({ preferences: toRows(rows) });
        const changed = mergeWishes(rows, wishes);
        const open = rows.filter((row) => row.kind === '' && row.enabled === null);
        expect(changed).toHaveLength(open.length);
        expect(toRows(stored(rows, changed)).map(({ id, enabled }) => [id, enabled])).toEqual(
          toRows(rows).map(({ id, enabled }) => [id, enabled]),
        );
      }),
    );
  });

  it('gives at once what it gives one wish after the other', () => {
    fc.assert(
      fc.property(records, fc.array(wish, { maxLength: 6 }), (rows, wishes) => {
        const atOnce = stored(rows, mergeWishes(rows, wishes));
        const inTurn = wishes.reduce((left, one) => stored(left, mergeWishes(left, [one])), rows);
        const essence = (given: readonly PreferenceRecord[]) =>
          toRows(given)
            .map(({ category, environmentId, projectId, quietStart, quietEnd, timezone }) =>
              [category, environmentId, projectId, quietStart, quietEnd, timezone].join('|'),
            )
            .toSorted();
        expect(essence(atOnce)).toEqual(essence(inTurn));
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(records, fc.array(wish, { maxLength: 6 }), (rows, wishes) => {
        const after = stored(rows, mergeWishes(rows, wishes));
        const last = [
          ...new Map(
            wishes.map((one) => [JSON.stringify([one.category, one.environment, one.project]), one]),
          ).values(),
        ];
        expect(mergeWishes(after, last)).toEqual([]);
      }),
    );
  });

  it('touches no row of a channel kind', () => {
    fc.assert(
      fc.property(records, fc.array(wish, { maxLength: 6 }), (rows, wishes) => {
        const ofKind = (given: readonly PreferenceRecord[]) => given.filter((row) => row.kind !== '');
        expect(ofKind(stored(rows, mergeWishes(rows, wishes)))).toEqual(ofKind(rows));
      }),
    );
  });
});
