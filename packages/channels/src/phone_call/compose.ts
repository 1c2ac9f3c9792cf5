import { neutralise } from '@carillon/core';
import type { Message } from '../adapter.ts';
import { oneLine } from '../message-links.ts';
import { cutText } from '../message-text.ts';

/** Languages that every voice of Twilio's `<Say>` of the basic sort speaks ("TwiML Voice: <Say>", attribute language). */
export const spokenLanguages = [
  ...(['ca-ES', 'da-DK', 'de-DE', 'en-AU', 'en-CA', 'en-GB', 'en-IN', 'en-US', 'es-ES', 'es-MX'] as const),
  ...(['fi-FI', 'fr-CA', 'fr-FR', 'it-IT', 'ja-JP', 'ko-KR', 'nb-NO', 'nl-NL', 'pl-PL', 'pt-BR'] as const),
  ...(['pt-PT', 'ru-RU', 'sv-SE', 'zh-CN', 'zh-HK', 'zh-TW'] as const),
] as const;
export type SpokenLanguage = (typeof spokenLanguages)[number];

export const languageUsual: SpokenLanguage = 'en-US';
/** For languages that are spoken in several countries, where the locale names none. */
const usualOf: Readonly<Record<string, SpokenLanguage>> = {
  ...{ en: 'en-US', es: 'es-ES', fr: 'fr-FR', pt: 'pt-PT', zh: 'zh-CN', no: 'nb-NO', nn: 'nb-NO' },
};

/** The language in which somebody with this locale is spoken to; `usual` where theirs is not spoken. */
export function languageOf(locale: string | null | undefined, usual: SpokenLanguage): SpokenLanguage {
  const wanted = (locale ?? '').replaceAll('_', '-').toLowerCase();
  const exact = spokenLanguages.find((one) => one.toLowerCase() === wanted);
  const [primary = ''] = wanted.split('-');
  if (exact !== undefined || primary === '') return exact ?? usual;
  if (usual.startsWith(`${primary}-`)) return usual;
  return usualOf[primary] ?? spokenLanguages.find((one) => one.startsWith(`${primary}-`)) ?? usual;
}

/** Characters that are spoken at most: about forty seconds. The TwiML of a call may have 4,000 characters, and an escape has six. */
const spokenCharsMax = 600;
/** Said this often, for who lifts the receiver late. */
const times = 2;

/**
 * What is said in a call, as TwiML: the title and the text, twice. Links are left out, for nobody can follow one that is
 * read out; so is every mark, since the text is plain and escaped as XML.
 */
export function composeCall(message: Message, language: SpokenLanguage): string | undefined {
  const spoken = [oneLine(message.title), withoutLinks(message.text)].filter((part) => part !== '');
  const text = cutText(neutralise(spoken.join('. ')).replaceAll(/\s+/g, ' ').trim(), spokenCharsMax);
  if (text === '') return undefined;
  return `<Response><Pause length="1"/><Say language="${language}" loop="${times}">${escapeXml(text)}</Say></Response>`;
}

function withoutLinks(text: string): string {
  return text.replaceAll(/\bhttps?:\/\/[^\s<>()]+/gi, '').trim();
}

/** XML 1.0, sections 2.2 and 2.4; characters that XML does not know at all are left out. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
