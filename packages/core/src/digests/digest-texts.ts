import { mannerOf, numberFormat, pluralRules } from '../templates/formats.ts';
import { chooseVariant } from '../templates/variant.ts';
import { digestAliases, digestWordings, type CountedText, type DigestWording } from './wordings.ts';

/** The words around the titles of a digest. */
export interface DigestTexts {
  title: string;
  /** That there are more than are named; undefined when all are. */
  more: string | undefined;
}

/** Read by whoever has no language of this list. */
const defaultLocale = 'en';
const wordings = [
  ...Object.entries(digestWordings).map(([locale, wording]) => ({ kind: '', locale, wording })),
  ...Object.entries(digestAliases).flatMap(([locale, of]) => {
    const wording = digestWordings[of];
    return wording === undefined ? [] : [{ kind: '', locale, wording }];
  }),
];

/**
 * The words of a message that tells of `count` notifications and does not name `unnamed` of them. `locales` are
 * those of the reader and of the organization, in this order; the language is chosen from them as the variant of a
 * template is, and is English when there is none of them. Plural forms are those of the language (CLDR), numbers
 * are written as in the reader's country.
 */
export function digestTexts(
  locales: readonly (string | null | undefined)[],
  count: number,
  unnamed: number,
): DigestTexts {
  const { wording, locale } = wordingFor(locales);
  // A locale with a country writes numbers in its own way: 1’234 in de-CH.
  const spoken = locales.find((one) => isWithin(one, locale));
  const write = (text: CountedText, number: number): string => {
    const form = pluralRules(mannerOf([locale], [])).select(number);
    const digits = numberFormat(mannerOf([spoken, locale], []), {}).format(number);
    return (text[form] ?? text.other).replace('#', () => digits);
  };
  return {
    title: write(wording.title, count),
    more: unnamed > 0 ? write(wording.more, unnamed) : undefined,
  };
}

function wordingFor(locales: readonly (string | null | undefined)[]): {
  wording: DigestWording;
  locale: string;
} {
  const chosen = chooseVariant(wordings, '', [...locales, defaultLocale]);
  if (chosen === undefined) throw new TypeError('there is no wording for the default locale');
  return chosen;
}

function isWithin(locale: string | null | undefined, language: string): boolean {
  const [given, wanted] = [locale?.toLowerCase(), language.toLowerCase()];
  return given === wanted || given?.startsWith(`${wanted}-`) === true;
}
