import { chooseVariant } from '../templates/variant.ts';
import { unsubscribeWordings, type UnsubscribeWording } from './wordings.ts';

/** Words of a language, and its tag for `lang`. */
export interface UnsubscribeTexts extends UnsubscribeWording {
  locale: string;
}

/** Read by whoever has no language of this list. */
const defaultLocale = 'en';
const wordings = Object.entries(unsubscribeWordings).map(([locale, wording]) => ({
  ...{ kind: '', locale, wording },
}));

/**
 * The words for whoever switches messages off. `locales` are those of the reader and of the organization, in this
 * order; English when there are no words in any of them.
 */
export function unsubscribeTexts(locales: readonly (string | null | undefined)[]): UnsubscribeTexts {
  const chosen = chooseVariant(wordings, '', [...locales, defaultLocale]);
  if (chosen === undefined) throw new TypeError('there is no wording for the default locale');
  return { ...chosen.wording, locale: chosen.locale };
}
