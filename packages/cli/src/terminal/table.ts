import stringWidth from 'string-width';
import type { Paint, Tone } from './paint.ts';
import { plain } from './plain.ts';

/** One column of a list. */
export interface Column<Row> {
  title: string;
  text: (row: Row) => string | null | undefined;
  tone?: (row: Row) => Tone | undefined;
  /** The one that is cut where the screen is too narrow. */
  isFlexible?: boolean;
}

const gap = '  ';
const narrowest = 12;
const unitsPerCell = 16;

/** A list as lines of equal columns, not wider than the screen where one of them can give way. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { paint, width }: { paint: Paint; width: number | undefined },
): string[] {
  const cells = rows.map((row) => columns.map((column) => plain(column.text(row) ?? '')));
  const widths = columns.map((column, index) =>
    Math.max(stringWidth(column.title), ...cells.map((line) => stringWidth(line[index] ?? ''))),
  );
  const flexible = columns.findIndex(({ isFlexible }) => isFlexible === true);
  const total = widths.reduce((sum, one) => sum + one, 0) + gap.length * (columns.length - 1);
  const most = widths[flexible];
  if (width !== undefined && most !== undefined && total > width) {
    widths[flexible] = Math.max(Math.min(narrowest, most), most - (total - width));
  }
  const line = (texts: readonly string[], tones: readonly (Tone | undefined)[]): string =>
    texts
      .map((text, index) => {
        const shown = fit(text, widths[index] ?? 0, index === texts.length - 1);
        const tone = tones[index];
        return tone === undefined ? shown : paint(tone, shown);
      })
      .join(gap)
      .trimEnd();
  return [
    line(
      columns.map(({ title }) => title),
      columns.map(() => 'dim' as const),
    ),
    ...rows.map((row, index) =>
      line(
        cells[index] ?? [],
        columns.map(({ tone }) => tone?.(row)),
      ),
    ),
  ];
}

/** Names and values, one on each line. */
export function renderFields(
  fields: readonly (readonly [string, string | null | undefined])[],
  paint: Paint,
): string[] {
  const shown = fields.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(0, ...shown.map(([name]) => stringWidth(name)));
  return shown.map(([name, value]) => `${paint('dim', name.padEnd(width))}${gap}${plain(value ?? '')}`);
}

/** A text cut with an ellipsis, or filled up with spaces, to a width in cells of the screen. */
export function fit(text: string, width: number, isLast = false): string {
  // Of a long text no more is measured than could be shown, even if it were all combining marks.
  const start = text.slice(0, (width + 1) * unitsPerCell);
  const used = start.length < text.length ? Infinity : stringWidth(text);
  if (used <= width) return isLast ? text : text + ' '.repeat(width - used);
  let kept = '';
  let keptWidth = 0;
  for (const { segment } of new Intl.Segmenter().segment(start)) {
    const next = keptWidth + stringWidth(segment);
    if (next > width - 1) break;
    kept += segment;
    keptWidth = next;
  }
  return `${kept}…${isLast ? '' : ' '.repeat(Math.max(0, width - keptWidth - 1))}`;
}
