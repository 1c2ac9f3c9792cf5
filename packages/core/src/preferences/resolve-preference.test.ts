import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { channelKinds, type ChannelKind } from '../vocabulary.ts';
import { specificityOf, type PreferenceRow } from './preference-row.ts';
import {
  preferenceLayers,
  resolvePreference,
  type PreferenceRows,
  type PreferenceSubject,
  type TemplatePreferenceRow,
} from './resolve-preference.ts';

type Given = PreferenceRows & PreferenceSubject;

const scope = { category: 'billing', environment: 'production', project: 'shop' };

function given(fields: Partial<Given> = {}): Given {
  return {
    scope,
    templateId: 'invoice',
    mandatory: false,
    templateDefault: undefined,
    categoryDefault: undefined,
    rows: [],
    templateRows: [],
    ...fields,
  };
}

function row(id: string, enabled: boolean | null, fields: Partial<PreferenceRow> = {}): PreferenceRow {
  const any = { category: '', environment: '', project: '', kind: '' } as const;
  return { id, ...any, enabled, window: undefined, mode: undefined, ...fields };
}

function templateRow(id: string, enabled: boolean, kind: ChannelKind | '' = ''): TemplatePreferenceRow {
  return { id, templateId: 'invoice', kind, enabled };
}

/**
 * Each rung of the ladder, the highest first, with the answer it is asked to give. A pair of rungs
 * is put together with opposite answers; the higher one must give its own.
 */
type Rung = { name: string; layer: string; rowId?: string; says: (enabled: boolean) => Partial<Given> };

const parts: [keyof typeof scope | 'kind', number, string][] = [
  ['kind', 8, 'email'],
  ['category', 4, 'billing'],
  ['environment', 2, 'production'],
  ['project', 1, 'shop'],
];
const preferenceRungs: Rung[] = Array.from({ length: 16 }, (_, index) => {
  const weight = 15 - index;
  const own = parts.filter(([, partWeight]) => (weight & partWeight) !== 0);
  const fields: Partial<PreferenceRow> = Object.fromEntries(own.map(([part, , value]) => [part, value]));
  const name = `preference row by ${own.map(([part]) => part).join(' + ') || 'nothing, for all'}`;
  const says = (enabled: boolean): Partial<Given> => ({ rows: [row(`row${weight}`, enabled, fields)] });
  return { name, layer: 'preference', rowId: `row${weight}`, says };
});
const ladder: Rung[] = [
  {
    name: 'template row with the kind',
    layer: 'template_preference',
    rowId: 'with-kind',
    says: (enabled) => ({ templateRows: [templateRow('with-kind', enabled, 'email')] }),
  },
  {
    name: 'template row without kind',
    layer: 'template_preference',
    rowId: 'any-kind',
    says: (enabled) => ({ templateRows: [templateRow('any-kind', enabled)] }),
  },
  ...preferenceRungs,
  {
    name: 'default of the template',
    layer: 'template_default',
    says: (enabled) => ({ templateDefault: enabled }),
  },
  {
    name: 'default of the category',
    layer: 'category_default',
    says: (enabled) => ({ categoryDefault: enabled }),
  },
];
const pairs = ladder.flatMap((higher, index) =>
  ladder.slice(index + 1).flatMap((lower) => [true, false].map((enabled) => ({ higher, lower, enabled }))),
);

function together(first: Partial<Given>, second: Partial<Given>): Given {
  return given({
    ...second,
    ...first,
    rows: [...(second.rows ?? []), ...(first.rows ?? [])],
    templateRows: [...(second.templateRows ?? []), ...(first.templateRows ?? [])],
  });
}

describe('whether something is wanted', () => {
  it.each(pairs)('$higher.name beats $lower.name ($enabled)', ({ higher, lower, enabled }) => {
    const expected = { enabled, layer: higher.layer, ...(higher.rowId && { rowId: higher.rowId }) };
    const stacked = together(higher.says(enabled), lower.says(!enabled));
    expect(resolvePreference(stacked, 'email')).toEqual(expected);
  });

  it.each(ladder)('mandatory beats $name', ({ says }) => {
    const decided = resolvePreference({ ...given(says(false)), mandatory: true }, 'email');
    expect(decided).toEqual({ enabled: true, layer: 'mandatory' });
  });

  it.each([
    {
      name: 'nothing said means on',
      asked: given(),
      expected: { enabled: true, layer: 'category_default' },
    },
    {
      name: 'a category that is off by default is off for who chose nothing',
      asked: given({ categoryDefault: false, rows: [row('on', true, { category: 'security' })] }),
      expected: { enabled: false, layer: 'category_default' },
    },
    {
      name: 'a row that only carries a window decides nothing',
      asked: given({ rows: [row('window', null, { kind: 'email' }), row('off', false)] }),
      expected: { enabled: false, layer: 'preference', rowId: 'off' },
    },
    {
      name: 'a row of another kind decides nothing',
      asked: given({ rows: [row('off', false, { kind: 'webhook' })] }),
      expected: { enabled: true, layer: 'category_default' },
    },
    {
      name: 'a template row of another kind decides nothing',
      asked: given({ templateRows: [templateRow('off', false, 'inbox')] }),
      expected: { enabled: true, layer: 'category_default' },
    },
    {
      name: 'a row of another template decides nothing',
      asked: given({ templateRows: [templateRow('off', false)], templateId: 'reminder' }),
      expected: { enabled: true, layer: 'category_default' },
    },
    {
      name: 'what has no template knows neither its rows nor its default',
      asked: given({
        templateRows: [templateRow('off', false)],
        templateDefault: false,
        templateId: undefined,
      }),
      expected: { enabled: true, layer: 'category_default' },
    },
    {
      name: 'a template that is off by default is on for who chose it',
      asked: given({ templateDefault: false, templateRows: [templateRow('on', true)] }),
      expected: { enabled: true, layer: 'template_preference', rowId: 'on' },
    },
    {
      name: 'of two template rows that wrongly say the same the lower id wins',
      asked: given({ templateRows: [templateRow('b', true), templateRow('a', false)] }),
      expected: { enabled: false, layer: 'template_preference', rowId: 'a' },
    },
  ])('$name', ({ asked, expected }) => {
    expect(resolvePreference(asked, 'email')).toEqual(expected);
  });

  it('has a rung for every layer', () => {
    expect(new Set(['mandatory', ...ladder.map(({ layer }) => layer)])).toEqual(new Set(preferenceLayers));
  });
});

const anyOf = (...own: string[]): fc.Arbitrary<string> => fc.constantFrom('', 'other', ...own);
const anyKind = fc.constantFrom<ChannelKind | ''>('', ...channelKinds);
/** Unique as the store keeps them, ids in no relation to the rest. */
const anyRows: fc.Arbitrary<PreferenceRow[]> = fc.uniqueArray(
  fc.record({
    id: fc.uuid(),
    category: anyOf('billing'),
    environment: anyOf('production'),
    project: anyOf('shop'),
    kind: anyKind,
    enabled: fc.constantFrom(true, false, null, undefined),
    window: fc.constant(undefined),
    mode: fc.constant(undefined),
  }),
  { selector: ({ category, environment, project, kind }) => `${category} ${environment} ${project} ${kind}` },
);
const anyTemplateRows: fc.Arbitrary<TemplatePreferenceRow[]> = fc.uniqueArray(
  fc.record({
    id: fc.uuid(),
    templateId: fc.constantFrom('invoice', 'reminder'),
    kind: anyKind,
    enabled: fc.boolean(),
  }),
  { selector: ({ templateId, kind }) => `${templateId} ${kind}` },
);
const anyDefault = fc.constantFrom(true, false, undefined);
const anyGiven: fc.Arbitrary<Given> = fc.record({
  scope: fc.constant(scope),
  templateId: fc.constantFrom('invoice', undefined),
  mandatory: fc.boolean(),
  templateDefault: anyDefault,
  categoryDefault: anyDefault,
  rows: anyRows,
  templateRows: anyTemplateRows,
});

describe('any preferences', () => {
  it('give the same answer in any order of rows', () => {
    const shuffled = anyGiven.chain((asked) =>
      fc.record({
        asked: fc.constant(asked),
        rows: fc.shuffledSubarray([...asked.rows], { minLength: asked.rows.length }),
        templateRows: fc.shuffledSubarray([...asked.templateRows], { minLength: asked.templateRows.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, fc.constantFrom(...channelKinds), ({ asked, ...order }, kind) => {
        expect(resolvePreference({ ...asked, ...order }, kind)).toEqual(resolvePreference(asked, kind));
      }),
    );
  });

  it('never switch off what is mandatory', () => {
    fc.assert(
      fc.property(anyGiven, fc.constantFrom(...channelKinds), (asked, kind) => {
        expect(resolvePreference({ ...asked, mandatory: true }, kind).enabled).toBe(true);
      }),
    );
  });

  it('keep their answer when a less specific row comes or goes', () => {
    fc.assert(
      fc.property(anyGiven, fc.constantFrom(...channelKinds), (asked, kind) => {
        const decided = resolvePreference(asked, kind);
        const winner = asked.rows.find(({ id }) => id === decided.rowId);
        if (decided.layer !== 'preference' || winner === undefined) return;
        const weight = (candidate: PreferenceRow): number => specificityOf(candidate, scope, kind) ?? -1;
        const rows = asked.rows.filter((candidate) => weight(candidate) >= weight(winner));
        expect(resolvePreference({ ...asked, rows }, kind)).toEqual(decided);
      }),
      { numRuns: 500 },
    );
  });

  it('name a row that exists and says what was answered, or none', () => {
    fc.assert(
      fc.property(anyGiven, fc.constantFrom(...channelKinds), (asked, kind) => {
        const { layer, rowId, enabled } = resolvePreference(asked, kind);
        const rows: readonly { id: string; enabled?: boolean | null | undefined }[] =
          layer === 'preference' ? asked.rows : layer === 'template_preference' ? asked.templateRows : [];
        expect(rows.find(({ id }) => id === rowId)?.enabled).toBe(rowId === undefined ? undefined : enabled);
        expect(rowId !== undefined).toBe(layer === 'preference' || layer === 'template_preference');
      }),
    );
  });
});
