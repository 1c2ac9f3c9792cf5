import { describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { openExport } from './export.ts';
import { exportFormats, type ExportFormat } from './query/paging.ts';
import { readQuery } from './query/read-query.ts';
import type { DirectusRow } from './shape.ts';

const now = new Date('2026-11-20T20:48:49.938Z');
const fields = 'id,subject,item,recipient.email,recipient.tags';
const rows: DirectusRow[] = [
  {
    id: 1,
    subject: 'Say "hi",\nthen <go> & \u0001',
    item: null,
    recipient: { email: 'a@b', tags: ['x', 'y'] },
  },
  { id: 2, subject: '=1+1', item: '', recipient: null },
  { id: 3, subject: 'ü', item: '42', recipient: { email: null, tags: null } },
];

function exported(
  format: ExportFormat,
  pages: DirectusRow[][],
  source: Record<string, unknown> = { fields },
): string {
  const file = openExport(format, readQuery(source, 'admin').items, now);
  return pages.map((page) => file.write(page)).join('') + file.end();
}

describe('an export', () => {
  it.each<{ format: ExportFormat; type: string; name: string }>([
    { format: 'csv', type: 'text/csv; charset=utf-8', name: 'csv' },
    { format: 'csv_utf8', type: 'text/csv; charset=utf-8', name: 'csv' },
    { format: 'json', type: 'application/json; charset=utf-8', name: 'json' },
    { format: 'xml', type: 'text/xml; charset=utf-8', name: 'xml' },
    { format: 'yaml', type: 'text/yaml; charset=utf-8', name: 'yaml' },
  ])('as $format is a file with the time in its name', ({ format, type, name }) => {
    expect(openExport(format, readQuery({}, 'admin').items, now).headers).toEqual({
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="directus_notifications 20261120-204849.${name}"`,
    });
  });

  it.each(exportFormats.map((format) => ({ format })))(
    'as $format is the same however its rows arrive',
    ({ format }) => {
      const whole = exported(format, [rows]);
      expect(exported(format, [rows.slice(0, 1), [], rows.slice(1)])).toBe(whole);
      expect(
        exported(
          format,
          rows.map((row) => [row]),
        ),
      ).toBe(whole);
    },
  );

  it('as csv quotes texts and headers, leaves numbers bare and nothing empty', () => {
    const lines = [
      '"id","subject","item","recipient.email","recipient.tags"',
      '1,"Say ""hi"",\nthen <go> & \u0001",,"a@b","[""x"",""y""]"',
      '2,"=1+1","",,',
      '3,"ü","42",,',
    ];
    expect(exported('csv', [rows])).toBe(lines.join('\n'));
    expect(exported('csv_utf8', [rows])).toBe(`\uFEFF${lines.join('\n')}`);
  });

  it('as csv has the columns of groups, functions, parts and roles', () => {
    const grouped = { aggregate: { count: '*', min: 'id' }, groupBy: 'status' };
    const row = { status: 'inbox', count: '2', min: { id: 1 } };
    expect(exported('csv', [[row]], grouped)).toBe('"status","count","min.id"\n"inbox","2",1');
    const deep = { fields: 'year(timestamp),sender.role.name,sender.email_notifications' };
    const person = { timestamp_year: '2026', sender: { role: { name: 'admin' }, email_notifications: true } };
    expect(exported('csv', [[person]], deep)).toBe(
      '"timestamp_year","sender.role.name","sender.email_notifications"\n"2026","admin",true',
    );
  });

  it('as json is an array with tabs', () => {
    expect(exported('json', [rows])).toBe(JSON.stringify(rows, null, '\t'));
  });

  it('as yaml says the same as json', () => {
    expect(exported('yaml', [rows.slice(1)])).toBe(
      [
        ...['- id: 2', '  subject: =1+1', "  item: ''", '  recipient: null'],
        ...[
          '- id: 3',
          '  subject: ü',
          "  item: '42'",
          '  recipient:',
          '    email: null',
          '    tags: null',
          '',
        ],
      ].join('\n'),
    );
    expect(load(exported('yaml', [rows]))).toEqual(rows);
  });

  it('as xml is well formed whatever names and texts hold', () => {
    const odd = {
      id: 1,
      'a b': 'x',
      '1st': 'y',
      '@': 'z',
      tags: [{ 'c d': 1 }],
      subject: rows[0]?.['subject'],
    };
    expect(exported('xml', [[odd]])).toBe(
      [
        ...["<?xml version='1.0'?>", '<data>', '    <data>', '        <id>1</id>', '        <a_b>x</a_b>'],
        ...[
          '        <_1st>y</_1st>',
          '        <_>z</_>',
          '        <tags>',
          '            <c_d>1</c_d>',
          '        </tags>',
        ],
        ...['        <subject>Say "hi",', 'then &lt;go> &amp; \uFFFD</subject>', '    </data>', '</data>'],
      ].join('\n'),
    );
  });

  it.each<{ format: ExportFormat; empty: string }>([
    { format: 'csv', empty: '' },
    { format: 'csv_utf8', empty: '' },
    { format: 'json', empty: '[]' },
    { format: 'xml', empty: "<?xml version='1.0'?>\n<data/>" },
    { format: 'yaml', empty: '[]\n' },
  ])('as $format of no rows is $empty', ({ format, empty }) => {
    expect(exported(format, [])).toBe(empty);
    expect(exported(format, [[]])).toBe(empty);
  });
});
