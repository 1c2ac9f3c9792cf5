/** The language and the zone in which a text is written for its reader. */
export interface Manner {
  locale: string;
  zone: string;
}

const formattersMax = 500;
const formatters = new Map<string, unknown>();

/** Making a formatter takes 10 to 100 times as long as using it, so they are kept; values never enter the key. */
function kept<Formatter>(key: string, make: () => Formatter): Formatter {
  const known = formatters.get(key);
  // The key begins with the name of the class, so what is found under it was made by the same `make`.
  if (known !== undefined) return known as Formatter;
  const made = make();
  if (formatters.size >= formattersMax) formatters.clear();
  formatters.set(key, made);
  return made;
}

export function dateFormat(manner: Manner, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const zone = options.timeZone ?? manner.zone;
  const key = `date ${manner.locale} ${zone} ${options.dateStyle} ${options.timeStyle}`;
  return kept(key, () => new Intl.DateTimeFormat(manner.locale, { ...options, timeZone: zone }));
}

export function numberFormat(manner: Manner, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `number ${manner.locale} ${options.style} ${options.currency} ${options.minimumFractionDigits}`;
  return kept(key, () => new Intl.NumberFormat(manner.locale, options));
}

export function pluralRules(manner: Manner): Intl.PluralRules {
  return kept(`plural ${manner.locale}`, () => new Intl.PluralRules(manner.locale));
}

export function listFormat(manner: Manner, type: Intl.ListFormatType): Intl.ListFormat {
  return kept(`list ${manner.locale} ${type}`, () => new Intl.ListFormat(manner.locale, { type }));
}

export function graphemes(manner: Manner): Intl.Segmenter {
  return kept(`graphemes ${manner.locale}`, () => new Intl.Segmenter(manner.locale));
}

/** The first of the wishes that Intl knows. Without one: English and UTC, so that a text is always written. */
export function mannerOf(locales: readonly unknown[], zones: readonly unknown[]): Manner {
  return { locale: firstThat(locales, isLocale) ?? 'en', zone: firstThat(zones, isZone) ?? 'UTC' };
}

function firstThat(wishes: readonly unknown[], isKnown: (wish: string) => boolean): string | undefined {
  for (const wish of wishes) if (typeof wish === 'string' && isKnown(wish)) return wish;
  return undefined;
}

export function isZone(zone: string): boolean {
  return kept(`zone ${zone}`, () => !fails(() => new Intl.DateTimeFormat('en', { timeZone: zone })));
}

function isLocale(locale: string): boolean {
  return kept(`locale ${locale}`, () => locale !== '' && !fails(() => Intl.getCanonicalLocales(locale)));
}

function fails(make: () => unknown): boolean {
  try {
    make();
    return false;
  } catch {
    return true;
  }
}
