import {
  englishTexts,
  type InboxTexts,
  type ListTexts,
  type PluralText,
  type SettingsTexts,
} from './texts.ts';

/** Names of the texts of one sort. */
export type TextName<T = string> = {
  [Name in keyof ListTexts]: ListTexts[Name] extends T ? Name : never;
}[keyof ListTexts];

/** What the inbox says in one language, and how it writes numbers and times. */
export interface Words {
  language: string;
  text(name: TextName): string;
  /** A text for so many, the number written as the language does. */
  count(name: TextName<PluralText>, count: number): string;
  /** What was given for settings; in English they have their own. */
  settings: Partial<SettingsTexts>;
  number(count: number): string;
  /** `14:05`. */
  time(at: Date): string;
  /** `Monday, 4 May`, with the year where it is not that of `now`. */
  day(at: Date, now: Date): string;
  /** All of it, for who wants to know exactly. */
  instant(at: Date): string;
  /** `5 min ago`. */
  minutesAgo(minutes: number): string;
  /** Short name of an ISO weekday, Monday 1 to Sunday 7. */
  weekday(day: number): string;
}

/** Texts in other languages than English, loaded where somebody speaks them. */
const translations: Readonly<Record<string, () => Promise<{ texts: InboxTexts }>>> = {
  de: () => import('./texts-de.ts'),
};

/** Texts of a language, or undefined where there are none, or they cannot be had: then English must do. */
export async function loadTexts(language: string): Promise<InboxTexts | undefined> {
  try {
    return (await translations[language.slice(0, 2).toLowerCase()]?.())?.texts;
  } catch {
    return undefined;
  }
}

/** Words of a language (BCP 47): `given` are its texts, `own` is said in the place of them. */
export function createWords(language: string, own: Partial<InboxTexts>, given?: InboxTexts): Words {
  const locale = knownLocale(language);
  const texts = { ...englishTexts, ...given, ...own };
  // Making a formatter takes longer than most of what is done with it.
  const formatter = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  const plural = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const times = formatter({ timeStyle: 'short' });
  const days = formatter({ weekday: 'long', day: 'numeric', month: 'long' });
  const daysOfYears = formatter({ weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
  const instants = formatter({ dateStyle: 'full', timeStyle: 'medium' });
  const weekdays = formatter({ weekday: 'short', timeZone: 'UTC' });
  const ago = new Intl.RelativeTimeFormat(locale, { style: 'short' });
  return {
    language: locale,
    text: (name) => texts[name],
    count(name, count) {
      const forms = texts[name];
      return (forms[plural.select(count)] ?? forms.other).replace('{count}', numbers.format(count));
    },
    settings: texts,
    number: (count) => numbers.format(count),
    time: (at) => times.format(at),
    day: (at, now) => (at.getFullYear() === now.getFullYear() ? days : daysOfYears).format(at),
    instant: (at) => instants.format(at),
    minutesAgo: (minutes) => ago.format(-minutes, 'minute'),
    // 1 January 2024 was a Monday.
    weekday: (day) => weekdays.format(new Date(Date.UTC(2024, 0, day))),
  };
}

function knownLocale(language: string): string {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([language])[0] ?? 'en';
  } catch {
    return 'en';
  }
}
