import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { channelKinds } from '../vocabulary.ts';
import { effectivePreferences } from './effective-preferences.ts';
import type { PreferenceRow } from './preference-row.ts';
import {
  resolvePreference,
  type PreferenceSubject,
  type TemplatePreferenceRow,
} from './resolve-preference.ts';

const place = { environment: 'production', project: 'shop' };
const invoice: PreferenceSubject = {
  scope: { ...place, category: 'billing' },
  templateId: 'invoice',
  mandatory: false,
  templateDefault: undefined,
  categoryDefault: undefined,
};
const security: PreferenceSubject = {
  ...invoice,
  scope: { ...place, category: 'security' },
  templateId: undefined,
  mandatory: true,
};

function row(id: string, fields: Partial<PreferenceRow> = {}): PreferenceRow {
  const any = { category: '', environment: '', project: '', kind: '' } as const;
  return { id, ...any, enabled: false, window: undefined, mode: undefined, ...fields };
}
const rows = [row('off', { kind: 'email', category: 'billing' }), row('all-off')];
const templateRows: TemplatePreferenceRow[] = [
  { id: 'on', templateId: 'invoice', kind: 'inbox', enabled: true },
];

describe('the table of effective preferences', () => {
  it('has each subject by each kind, in the order asked for, with who says so', () => {
    const billing = { ...place, category: 'billing', templateId: 'invoice' };
    const mandatory = { ...place, category: 'security', templateId: undefined };
    expect(
      effectivePreferences({ rows, templateRows }, [invoice, security], ['inbox', 'email', 'webhook']),
    ).toEqual([
      { ...billing, kind: 'inbox', enabled: true, layer: 'template_preference', rowId: 'on' },
      { ...billing, kind: 'email', enabled: false, layer: 'preference', rowId: 'off' },
      { ...billing, kind: 'webhook', enabled: false, layer: 'preference', rowId: 'all-off' },
      { ...mandatory, kind: 'inbox', enabled: true, layer: 'mandatory' },
      { ...mandatory, kind: 'email', enabled: true, layer: 'mandatory' },
      { ...mandatory, kind: 'webhook', enabled: true, layer: 'mandatory' },
    ]);
  });

  it('shows what deliveries are decided by', () => {
    const subjects = fc.array(fc.constantFrom(invoice, security, { ...invoice, templateId: undefined }));
    fc.assert(
      fc.property(subjects, fc.subarray([...channelKinds]), fc.subarray(rows), (asked, kinds, some) => {
        const table = effectivePreferences({ rows: some, templateRows }, asked, kinds);
        const decided = asked.flatMap((subject) =>
          kinds.map((kind) => resolvePreference({ ...subject, rows: some, templateRows }, kind)),
        );
        expect(table.map(({ enabled, layer, rowId }) => ({ enabled, layer, rowId }))).toEqual(
          decided.map(({ enabled, layer, rowId }) => ({ enabled, layer, rowId })),
        );
      }),
    );
  });

  it('is empty where nothing is asked for', () => {
    expect(effectivePreferences({ rows, templateRows }, [], channelKinds)).toEqual([]);
    expect(effectivePreferences({ rows, templateRows }, [invoice], [])).toEqual([]);
  });
});
