import { describe, expect, it } from '@jest/globals';
import { chooseVariant } from './variant.ts';

const variants = ['/en', 'email/en', '/de', 'email/de-AT', 'email/', '/fr', 'webhook/ja', '/zh-Hant'].map(
  (key) => {
    const [kind = '', locale = ''] = key.split('/');
    return { kind, locale, key };
  },
);

describe('the variant of a template', () => {
  it.each([
    { name: 'is that of the kind and the locale', kind: 'email', locales: ['de-AT'], key: 'email/de-AT' },
    { name: 'is found without regard to case', kind: 'email', locales: ['DE-at'], key: 'email/de-AT' },
    { name: 'is for every kind where the kind has none', kind: 'webhook', locales: ['de'], key: '/de' },
    { name: 'falls back from country to language', kind: 'webhook', locales: ['de-AT'], key: '/de' },
    { name: 'falls back over a script', kind: 'inbox', locales: ['zh-Hant-TW'], key: '/zh-Hant' },
    { name: 'prefers the language to the kind', kind: 'email', locales: ['fr-CA', 'en'], key: '/fr' },
    {
      name: "tries the user's language before the organization's",
      kind: 'inbox',
      locales: ['de-CH', 'en'],
      key: '/de',
    },
    {
      name: "takes the organization's where the user's is not there",
      kind: 'email',
      locales: ['it', 'en'],
      key: 'email/en',
    },
    { name: 'takes the default last', kind: 'inbox', locales: ['it', 'pl', 'en'], key: '/en' },
    {
      name: 'skips locales that are not set',
      kind: 'inbox',
      locales: [null, undefined, '', 'fr'],
      key: '/fr',
    },
    {
      name: 'is the one without locale when no language fits',
      kind: 'email',
      locales: ['it'],
      key: 'email/',
    },
    { name: 'is any of the kind when nothing fits', kind: 'webhook', locales: ['it'], key: 'webhook/ja' },
    { name: 'is any for every kind when nothing fits at all', kind: 'inbox', locales: [], key: '/en' },
  ])('$name', ({ kind, locales, key }) => {
    expect(chooseVariant(variants, kind, locales)?.key).toBe(key);
  });

  it('is none where all are for other kinds', () => {
    expect(chooseVariant([{ kind: 'email', locale: 'en' }], 'webhook', ['en'])).toBeUndefined();
  });
});
