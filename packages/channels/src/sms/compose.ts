import { neutralise } from '@carillon/core';
import type { Message } from '../adapter.ts';
import { linksOf, oneLine } from '../message-links.ts';

/** Characters of the GSM 7-bit alphabet (3GPP TS 23.038, section 6.2.1), and those that take two places in it. */
const gsmPlain =
  '@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const gsmDouble = '^{}\\[~]|€';
const gsmPlaces = new Map<string, number>([
  ...Array.from(gsmPlain, (one): [string, number] => [one, 1]),
  ...Array.from(gsmDouble, (one): [string, number] => [one, 2]),
]);

/** What one message holds, and each part of a longer one, whose parts name their order. */
const gsm = { single: 160, part: 153, ellipsis: '...' };
const ucs2 = { single: 70, part: 67, ellipsis: '…' };

/** Writing marks that would make a whole message twice as dear, as GSM 7-bit knows them. */
const plainMarks: Readonly<Record<string, string>> = {
  ...{ '‘': "'", '’': "'", '‚': "'", '“': '"', '”': '"', '„': '"', '«': '"', '»': '"' },
  ...{ '–': '-', '—': '-', '…': '...', '\u00A0': ' ', '\u202F': ' ', '•': '-', '\t': ' ' },
};

/** How many parts a text is sent and charged as: GSM 7-bit where its characters allow it, else UCS-2. */
export function countSegments(text: string): number {
  const { places, alphabet } = measure(text);
  return places <= alphabet.single ? 1 : Math.ceil(places / alphabet.part);
}

/**
 * Title, text and the first link of a message in at most `segmentsMax` parts. What is too long ends in an ellipsis;
 * the link is kept whole or left out.
 */
export function composeSms(message: Message, publicUrl: string, segmentsMax: number): string {
  const link = linksOf(message.notification, publicUrl).find(({ href }) => /^https?:/.test(href))?.href;
  const body = [oneLine(message.title), message.text.trim()].filter((part) => part !== '').join('\n');
  const text = neutralise(body).replaceAll(/[‘’‚“”„«»–—…\u00A0\u202F•\t]/g, (one) => plainMarks[one] ?? one);
  const tail = link === undefined ? '' : `\n${link}`;
  if (countSegments(text + tail) <= segmentsMax) return text + tail;
  return cut(text, tail, segmentsMax) ?? cut(text, '', segmentsMax) ?? '';
}

/** The longest beginning that fits before the tail, by halving; undefined where not even an ellipsis fits. */
function cut(text: string, tail: string, segmentsMax: number): string | undefined {
  const { ellipsis } = measure(text + tail).alphabet;
  const characters = Array.from(text);
  const made = (count: number): string =>
    `${characters.slice(0, count).join('').trimEnd()}${ellipsis}${tail}`;
  if (countSegments(made(0)) > segmentsMax) return undefined;
  let fits = 0;
  let tooMany = characters.length;
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (countSegments(made(middle)) <= segmentsMax) fits = middle;
    else tooMany = middle;
  }
  return made(fits);
}

function measure(text: string): { places: number; alphabet: typeof gsm } {
  let places = 0;
  for (const character of text) {
    const wide = gsmPlaces.get(character);
    if (wide === undefined) return { places: text.length, alphabet: ucs2 };
    places += wide;
  }
  return { places, alphabet: gsm };
}
