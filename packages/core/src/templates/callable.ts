import {
  dateFormat,
  graphemes,
  isZone,
  listFormat,
  numberFormat,
  pluralRules,
  type Manner,
} from './formats.ts';
import { templateLimits } from './problem.ts';
import { isYes, jsonOf, propertyOf, textOf } from './values.ts';

type Options = Readonly<Record<string, unknown>>;

/** A word that a tag may begin with. The list is closed: a template brings no code of its own. */
export interface Helper {
  /** Fewest and most arguments. */
  arity: readonly [number, number];
  /** How it is written, for errors. */
  usage: string;
  options?: readonly string[];
  required?: readonly string[];
  /** Whether a variable that is absent is a normal argument, as for a test; otherwise it counts as missing. */
  takesMissing?: true;
  /** Never throws. Undefined prints nothing. */
  evaluate: (values: readonly unknown[], options: Options, manner: Manner) => unknown;
}

/** Everything that may be called, by name, besides the blocks if, unless, each and with. */
export const helpers: ReadonlyMap<string, Helper> = new Map(
  Object.entries<Helper>({
    eq: compare('eq', (a, b) => a === b),
    ne: compare('ne', (a, b) => a !== b),
    gt: compare('gt', (a, b) => orderOf(a, b) > 0),
    gte: compare('gte', (a, b) => orderOf(a, b) >= 0),
    lt: compare('lt', (a, b) => orderOf(a, b) < 0),
    lte: compare('lte', (a, b) => orderOf(a, b) <= 0),
    and: { ...test('(and a b …)'), evaluate: (values) => values.every(isYes) },
    or: { ...test('(or a b …)'), evaluate: (values) => values.some(isYes) },
    not: { ...test('(not a)'), arity: [1, 1], evaluate: ([value]) => !isYes(value) },
    default: {
      ...test('{{default name "friend"}}'),
      arity: [2, 10],
      evaluate: (values) => values.find((value) => value != null && value !== ''),
    },
    date: moment('date', { dateStyle: 'long' }),
    time: moment('time', { timeStyle: 'short' }),
    datetime: moment('datetime', { dateStyle: 'long', timeStyle: 'short' }),
    number: {
      arity: [1, 1],
      usage: '{{number count decimals=2}}',
      options: ['decimals', 'style'],
      evaluate: ([value], options, manner) => {
        const style = options['style'] === 'percent' ? 'percent' : 'decimal';
        return ifNumber(value, (number) =>
          numberFormat(manner, { style, ...decimals(options) }).format(number),
        );
      },
    },
    currency: {
      arity: [2, 2],
      usage: '{{currency amount "EUR"}}',
      options: ['decimals'],
      evaluate: ([value, code], options, manner) =>
        ifNumber(value, (number) => money(number, code, options, manner)),
    },
    plural: {
      arity: [1, 1],
      usage: '{{plural count one="# comment" other="# comments"}}',
      options: ['zero', 'one', 'two', 'few', 'many', 'other'],
      required: ['other'],
      evaluate: ([value], options, manner) => ifNumber(value, (number) => plural(number, options, manner)),
    },
    list: {
      arity: [1, 1],
      usage: '{{list names type="or" key="name"}}',
      options: ['type', 'key'],
      evaluate: list,
    },
    lines: {
      arity: [1, 1],
      usage: '{{#each (lines text)}}',
      evaluate: ([value]) =>
        value == null ? undefined : textOf(value).split(/\r\n|[\n\r\u2028\u2029]/, linesMax),
    },
    upper: text('upper', (value, manner) => value.toLocaleUpperCase(manner.locale)),
    lower: text('lower', (value, manner) => value.toLocaleLowerCase(manner.locale)),
    truncate: { arity: [2, 2], usage: '{{truncate text 80}}', evaluate: truncate },
    json: {
      arity: [1, 1],
      usage: '{{json value}}',
      evaluate: ([value]) => (value == null ? undefined : jsonOf(value)),
    },
  }),
);

/** More could not be printed: each line is a round of a loop. */
const linesMax = templateLimits.roundsMax + 1;

function test(usage: string) {
  return { arity: [1, 10] as const, usage, takesMissing: true as const };
}

function compare(name: string, isTrue: (a: unknown, b: unknown) => boolean): Helper {
  return {
    ...test(`(${name} a b)`),
    arity: [2, 2],
    evaluate: ([a, b]) => isTrue(a ?? undefined, b ?? undefined),
  };
}

/** Numbers by value, texts by their characters (so instants in ISO 8601 by time); NaN for what has no order. */
function orderOf(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== 'string' || typeof b !== 'string') return Number.NaN;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function text(name: string, change: (value: string, manner: Manner) => string): Helper {
  return {
    arity: [1, 1],
    usage: `{{${name} text}}`,
    evaluate: ([value], _options, manner) => (value == null ? undefined : change(textOf(value), manner)),
  };
}

/** What is no number is printed as it is: a text in the wrong form says more than an empty place. */
function ifNumber(value: unknown, format: (value: number) => string): string | undefined {
  if (value == null) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? format(number) : textOf(value);
}

function decimals(options: Options): Intl.NumberFormatOptions {
  const count = options['decimals'];
  const isCount = typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= 20;
  return isCount ? { minimumFractionDigits: count, maximumFractionDigits: count } : {};
}

function money(amount: number, code: unknown, options: Options, manner: Manner): string {
  const currency = textOf(code).toUpperCase();
  if (!/^[A-Z]{3}$/.test(currency))
    return `${numberFormat(manner, decimals(options)).format(amount)} ${textOf(code)}`;
  return numberFormat(manner, { style: 'currency', currency, ...decimals(options) }).format(amount);
}

/** `zero` is used for 0 in every language; a form that is not given falls back to `other`. */
function plural(count: number, options: Options, manner: Manner): string {
  const form = count === 0 && options['zero'] != null ? 'zero' : pluralRules(manner).select(count);
  const words = textOf(options[form] ?? options['other']);
  return words.includes('#') ? words.replaceAll('#', () => numberFormat(manner, {}).format(count)) : words;
}

function list([value]: readonly unknown[], options: Options, manner: Manner): string | undefined {
  if (value == null) return undefined;
  if (!Array.isArray(value)) return textOf(value);
  const { key } = options;
  const items: unknown[] = typeof key === 'string' ? value.map((item) => propertyOf(item, key)) : value;
  const words = items.map(textOf).filter((word) => word !== '');
  return listFormat(manner, options['type'] === 'or' ? 'disjunction' : 'conjunction').format(words);
}

/** Counts what a reader counts: an emoji of several code points is one. */
function truncate(
  [value, length]: readonly unknown[],
  _options: Options,
  manner: Manner,
): string | undefined {
  if (value == null) return undefined;
  const whole = textOf(value);
  if (typeof length !== 'number' || length < 1 || whole.length <= length) return whole;
  let count = 0;
  for (const { index } of graphemes(manner).segment(whole)) {
    if (count === Math.floor(length)) return `${whole.slice(0, index).trimEnd()}…`;
    count += 1;
  }
  return whole;
}

const styles: ReadonlySet<unknown> = new Set(['full', 'long', 'medium', 'short']);

function moment(name: string, format: { dateStyle?: 'long'; timeStyle?: 'short' }): Helper {
  return {
    arity: [1, 1],
    usage: `{{${name} at style="short" zone="Europe/Berlin"}}`,
    options: ['style', 'zone'],
    evaluate: ([value], options, manner) => {
      if (value == null) return undefined;
      const instant = instantOf(value);
      if (instant === undefined) return textOf(value);
      const chosen: Intl.DateTimeFormatOptions = { ...format };
      const { style, zone } = options;
      if (isStyle(style)) chosen[format.dateStyle === undefined ? 'timeStyle' : 'dateStyle'] = style;
      // A date without a time is a day of the calendar, the same one in every zone.
      if (isDay(value)) chosen.timeZone = 'UTC';
      else if (typeof zone === 'string' && isZone(zone)) chosen.timeZone = zone;
      return dateFormat(manner, chosen).format(instant);
    },
  };
}

function isStyle(style: unknown): style is 'full' | 'long' | 'medium' | 'short' {
  return styles.has(style);
}

function isDay(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
}

/** ISO 8601 with a zone, a day, a Date, or milliseconds since 1970. A text without a zone names no instant. */
function instantOf(value: unknown): Date | undefined {
  const isText =
    typeof value === 'string' &&
    (isDay(value) || /^\d{4}-\d\d-\d\dT[\d:.,]+(?:Z|[+-]\d\d:?\d\d)$/i.test(value));
  if (!isText && typeof value !== 'number' && !(value instanceof Date)) return undefined;
  const instant = new Date(value);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
