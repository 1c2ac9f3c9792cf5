import { stringify } from 'csv-stringify/sync';
import { dump } from 'js-yaml';
import { parse as toXml } from 'js2xmlparser';
import type { ItemQuery } from '@carillon/core';
import { assertNever } from '@carillon/core';
import { notificationsCollection } from './errors.ts';
import type { ExportFormat } from './query/paging.ts';
import type { DirectusRow } from './shape.ts';

/** A file written piece by piece, so that it never has to be in memory as a whole. */
export interface ExportFile {
  headers: Readonly<Record<string, string>>;
  /** The text of these rows, which follow those of the calls before. */
  write(rows: readonly DirectusRow[]): string;
  /** What closes the file; nothing is written after it. */
  end(): string;
}

/**
 * The file that `export` asks for: rows without an envelope, as `shapeRows` and `shapeAggregate` make them. Its name
 * has the instant of the call in UTC.
 */
export function openExport(format: ExportFormat, items: ItemQuery, now: Date): ExportFile {
  return { headers: headersOf(format, now), ...writerOf(format, items) };
}

type Writer = Pick<ExportFile, 'write' | 'end'>;

function writerOf(format: ExportFormat, items: ItemQuery): Writer {
  switch (format) {
    case 'csv':
      return csv(items, '');
    case 'csv_utf8':
      return csv(items, byteOrderMark);
    case 'json':
      return json();
    case 'xml':
      return xml();
    case 'yaml':
      return yaml();
    default:
      return assertNever(format);
  }
}

const types: Readonly<Record<ExportFormat, string>> = {
  ...{ csv: 'text/csv; charset=utf-8', csv_utf8: 'text/csv; charset=utf-8' },
  ...{ json: 'application/json; charset=utf-8', xml: 'text/xml; charset=utf-8' },
  yaml: 'text/yaml; charset=utf-8',
};

function headersOf(format: ExportFormat, now: Date): Record<string, string> {
  const [day, clock] = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  const name = `${notificationsCollection} ${day}-${clock}.${format === 'csv_utf8' ? 'csv' : format}`;
  return { 'Content-Type': types[format], 'Content-Disposition': `attachment; filename="${name}"` };
}

/** By it spreadsheets know the encoding. */
const byteOrderMark = '\uFEFF';

/** Columns are those of the query, whether or not rows have a value there; without rows there is no header either. */
function csv(items: ItemQuery, opening: string): Writer {
  const paths = headings(items);
  let isFirst = true;
  return {
    write(rows) {
      if (rows.length === 0) return '';
      const lines = rows.map((row) => paths.map((path) => cellAt(row, path)));
      const text = stringify(lines, {
        ...{ header: isFirst, columns: paths.map((path) => path.join('.')) },
        ...{ quoted_string: true, record_delimiter: '\n', eof: false },
        cast: { boolean: String },
      });
      const before = isFirst ? opening : '\n';
      isFirst = false;
      return `${before}${text}`;
    },
    end: () => '',
  };
}

/** The paths of the values that a query answers, relations spelled out. */
function headings({ selection, aggregation }: ItemQuery): string[][] {
  if (aggregation !== undefined) {
    const { groups, values } = aggregation;
    return [...groups.map(({ name }) => [name]), ...values.map(({ path }) => [...path])];
  }
  return selection.flatMap((one) => {
    if (!('relation' in one)) return [[one.name]];
    return one.fields.flatMap(({ name, keys }) =>
      keys === undefined ? [[one.name, name]] : keys.map((key) => [one.name, name, key]),
    );
  });
}

function cellAt(row: DirectusRow, path: readonly string[]): unknown {
  let value: unknown = row;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return null;
    value = new Map<string, unknown>(Object.entries(value)).get(key);
  }
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** As `JSON.stringify` writes an array with tabs. */
function json(): Writer {
  let isFirst = true;
  return {
    write(rows) {
      if (rows.length === 0) return '';
      const text = JSON.stringify(rows, null, '\t').slice('['.length, -'\n]'.length);
      const before = isFirst ? '[' : ',';
      isFirst = false;
      return `${before}${text}`;
    },
    end: () => (isFirst ? '[]' : '\n]'),
  };
}

const declaration = "<?xml version='1.0'?>\n";

/** Each row an element `data` of the root `data`; what XML has no character for becomes U+FFFD. */
function xml(): Writer {
  let isFirst = true;
  const [start, stop] = ['<data>\n', '\n</data>'];
  return {
    write(rows) {
      if (rows.length === 0) return '';
      const text = toXml('data', rows.map(withXmlNames), {
        ...{ declaration: { include: false }, replaceInvalidChars: true },
      });
      const before = isFirst ? `${declaration}${start}` : '\n';
      isFirst = false;
      return `${before}${text.slice(start.length, -stop.length)}`;
    },
    end: () => (isFirst ? `${declaration}<data/>` : stop),
  };
}

/** Aliases, functions and profiles may have names that no element can have, or that mean something to the writer. */
function withXmlNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withXmlNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      const letters = name.replaceAll(/[^\w.-]/g, '_');
      return [/^[A-Za-z_]/.test(letters) ? letters : `_${letters}`, withXmlNames(one)];
    }),
  );
}

function yaml(): Writer {
  let isEmpty = true;
  return {
    write(rows) {
      if (rows.length === 0) return '';
      isEmpty = false;
      return dump(rows, { noRefs: true });
    },
    end: () => (isEmpty ? dump([]) : ''),
  };
}
