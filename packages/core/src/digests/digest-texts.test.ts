import { describe, expect, it } from '@jest/globals';
import { digestTexts } from './digest-texts.ts';
import { digestAliases, digestWordings } from './wordings.ts';

describe('the title of a digest', () => {
  it.each([
    { locale: 'en', count: 1, title: '1 notification while you were away' },
    { locale: 'en', count: 3, title: '3 notifications while you were away' },
    { locale: 'en', count: 1234, title: '1,234 notifications while you were away' },
    { locale: 'pl', count: 1, title: '1 powiadomienie podczas Twojej nieobecności' },
    { locale: 'pl', count: 3, title: '3 powiadomienia podczas Twojej nieobecności' },
    { locale: 'pl', count: 5, title: '5 powiadomień podczas Twojej nieobecności' },
    { locale: 'pl', count: 12, title: '12 powiadomień podczas Twojej nieobecności' },
    { locale: 'pl', count: 22, title: '22 powiadomienia podczas Twojej nieobecności' },
    { locale: 'ru', count: 3, title: '3 уведомления за время вашего отсутствия' },
    { locale: 'ru', count: 5, title: '5 уведомлений за время вашего отсутствия' },
    { locale: 'ru', count: 11, title: '11 уведомлений за время вашего отсутствия' },
    { locale: 'ru', count: 21, title: '21 уведомление за время вашего отсутствия' },
    { locale: 'uk', count: 25, title: '25 сповіщень за вашої відсутності' },
    { locale: 'ar', count: 2, title: 'إشعاران أثناء غيابك' },
    { locale: 'ar-u-nu-latn', count: 3, title: '3 إشعارات أثناء غيابك' },
    { locale: 'ar-u-nu-latn', count: 11, title: '11 إشعارًا أثناء غيابك' },
    { locale: 'ar-u-nu-latn', count: 100, title: '100 إشعار أثناء غيابك' },
    { locale: 'ar-EG', count: 12, title: '١٢ إشعارًا أثناء غيابك' },
    { locale: 'he', count: 2, title: 'שתי התראות בזמן שלא היית כאן' },
    { locale: 'ja', count: 3, title: '不在中の通知が3件あります' },
    { locale: 'cs', count: 5, title: '5 oznámení během vaší nepřítomnosti' },
    { locale: 'de-AT', count: 3, title: '3 Benachrichtigungen während Ihrer Abwesenheit' },
  ])('of $count in $locale is "$title"', ({ locale, count, title }) => {
    expect(digestTexts([locale], count, 0)).toEqual({ title, more: undefined });
  });
});

describe('what a digest does not name', () => {
  it.each([
    { locale: 'en', unnamed: 1, more: 'and 1 more.' },
    { locale: 'pl', unnamed: 4, more: 'i jeszcze 4.' },
    { locale: 'fr', unnamed: 1, more: 'et 1 autre.' },
    { locale: 'fr', unnamed: 2, more: 'et 2 autres.' },
    { locale: 'cs', unnamed: 5, more: 'a 5 dalších.' },
    { locale: 'fi', unnamed: 1, more: 'ja 1 muu.' },
    { locale: 'it', unnamed: 2, more: 'e altre 2.' },
    { locale: 'ar', unnamed: 2, more: 'واثنان آخران.' },
    { locale: 'ja', unnamed: 30, more: 'ほか30件。' },
  ])('is "$more" for $unnamed in $locale', ({ locale, unnamed, more }) => {
    expect(digestTexts([locale], 20 + unnamed, unnamed).more).toBe(more);
  });
});

describe('the language of a digest', () => {
  it.each([
    { name: "is the reader's", locales: ['fr', 'de'], language: 'fr' },
    { name: 'is found without regard to case', locales: ['FR-ca'], language: 'fr' },
    { name: 'is the organization’s where the reader set none', locales: [undefined, 'de'], language: 'de' },
    {
      name: 'is the organization’s where there is none for the reader',
      locales: ['eo', 'sv'],
      language: 'sv',
    },
    { name: 'is English where there is none for either', locales: ['eo', 'tlh'], language: 'en' },
    { name: 'is English where nothing is set', locales: [], language: 'en' },
    { name: 'is English for what is no language at all', locales: ['??', ''], language: 'en' },
    { name: 'is Bokmål for Norwegian', locales: ['no-NO'], language: 'nb' },
    { name: 'is simplified Chinese unless something says otherwise', locales: ['zh-CN'], language: 'zh' },
    { name: 'is traditional Chinese by its script', locales: ['zh-Hant-SG'], language: 'zh-Hant' },
    { name: 'is traditional Chinese by its country', locales: ['zh-TW'], language: 'zh-Hant' },
  ])('$name', ({ locales, language }) => {
    expect(digestTexts(locales, 7, 0)).toEqual(digestTexts([language], 7, 0));
  });

  it('writes numbers as the reader’s country does', () => {
    const swiss = new Intl.NumberFormat('de-CH').format(12345);
    const { title, more } = digestTexts(['de-CH', 'en'], 12345, 12325);
    expect(title).toBe(`${swiss} Benachrichtigungen während Ihrer Abwesenheit`);
    expect(title).not.toContain(new Intl.NumberFormat('de').format(12345));
    expect(more).toContain(new Intl.NumberFormat('de-CH').format(12325));
  });
});

describe.each(Object.entries(digestWordings))('the wording in %s', (locale, wording) => {
  it('names no plural form that the language does not have', () => {
    const { pluralCategories } = new Intl.PluralRules(locale).resolvedOptions();
    for (const text of [wording.title, wording.more]) {
      const forms = Object.keys(text).filter((form) => form !== 'other');
      expect(pluralCategories).toEqual(expect.arrayContaining(forms));
      expect(text.other).toContain('#');
    }
  });

  it('says the number, but where a word of the text does', () => {
    for (const number of [3, 5, 11, 21, 100, 4000]) {
      const { title, more } = digestTexts([locale], number, number);
      const digits = new Intl.NumberFormat(locale).format(number);
      expect(title).toContain(digits);
      expect(more).toContain(digits);
      expect(`${title}${more}`).not.toContain('#');
    }
  });
});

it('gives every other name of a language to a wording that there is', () => {
  expect(Object.values(digestAliases).filter((of) => digestWordings[of] === undefined)).toEqual([]);
});
