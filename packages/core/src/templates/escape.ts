/**
 * Where in a text a value is printed: in running text, as a whole address (behind `](` or `href="`), or as a part
 * of an address that the template began.
 */
export type Position = 'text' | 'url' | 'url-part';

/** What a text is written for. Later kinds (Slack, Telegram) are rows of the table below. */
export type Medium = 'text' | 'markdown' | 'html' | 'url';

/**
 * Makes a value mean nothing but itself in its medium. What the template's author wrote is never escaped, what
 * comes from data always is. Control characters, controls of writing direction and invisible characters that
 * hide or reorder text are taken away first, in every medium.
 */
export const escapers: Readonly<Record<Medium, (value: string, position: Position) => string>> = {
  text: (value) => neutralise(value),
  markdown: escapeMarkdown,
  html: escapeHtml,
  url: (value, position) => (position === 'url' ? wholeUrl(neutralise(value)) : urlPart(neutralise(value))),
};

// Zero-width joiner and non-joiner stay: Persian, Indic scripts and emoji are written with them.
const unsafeCharacters =
  /(?![\n\t])\p{Cc}|[\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|\p{Surrogate}/gu;
// Most values are of these characters alone, and are known to be harmless five times as fast.
const latinText = /^[\n\t -~\u00A0-\u02FF]*$/;
/** A letter and then letters, digits, single blanks and marks that mean nothing in Markdown. */
const plainText = /^[A-Za-z\u00C0-\u024F](?: ?[A-Za-z\u00C0-\u024F\d.,;?'"%/()+-])*$/;

/** The same text without what a reader cannot see and is misled by; every kind of line break becomes \n. */
export function neutralise(value: string): string {
  if (latinText.test(value)) return value;
  const broken = /[\r\u0085\u2028\u2029]/.test(value)
    ? value.replaceAll(/\r\n|[\r\u0085\u2028\u2029]/g, '\n')
    : value;
  return broken.replaceAll(unsafeCharacters, '');
}

/** One line: blanks and breaks become one blank each, those at the ends are dropped. */
export function oneLine(value: string): string {
  return /^ | $|[^\S ]| {2}/.test(value) ? value.trim().replaceAll(/\s+/g, ' ') : value;
}

/**
 * A value in Markdown stays on one line, because a block (heading, list, quote, code, table row) begins and ends
 * with a line; `{{#each (lines text)}}` prints several. Backslashes keep it from beginning or ending anything;
 * a backtick is written as an entity, because in code of the template a backslash would not hold it. Whether a place
 * is in code cannot be known before the data is there, so in code the backslashes are seen.
 */
function escapeMarkdown(value: string, position: Position): string {
  if (position === 'text' && plainText.test(value)) return value;
  const line = oneLine(neutralise(value));
  if (position === 'url') return wholeUrl(line).replaceAll(/[`*_[\]&~!|]/g, '\\$&');
  if (position === 'url-part') return urlPart(line);
  // Links of the kinds [..](..), <..>, http:.. and name@host; images; emphasis; HTML and entities; table cells.
  const inline = /[\\*_[\]<>&|~!:@`]/.test(line)
    ? line.replaceAll(/[\\*_[\]<>&|~!:@]/g, '\\$&').replaceAll('`', '&#96;')
    : line;
  // What is special only where a line, or the place behind a `[label]` of the template, begins.
  return inline.replace(/^(\d*)([#+\-=.)(])/, '$1\\$2');
}

const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
  '=': '&#61;',
};

function escapeHtml(value: string, position: Position): string {
  const clean = neutralise(value);
  if (position === 'url-part') return urlPart(clean);
  const text = position === 'url' ? wholeUrl(clean) : clean;
  return /[&<>"'`=]/.test(text) ? text.replaceAll(/[&<>"'`=]/g, (one) => htmlEntities[one] ?? '') : text;
}

/** An http, https or mailto URL or a path of one's own origin; anything else, such as javascript:, is empty. */
function wholeUrl(value: string): string {
  const url = value.trim();
  if (!/^(?:https?:\/\/|mailto:|\/(?!\/)|\?)/i.test(url)) return '';
  // Encoded bytes stay as they are; what ends an address in any medium is encoded.
  return url.replaceAll(/[^\w.~:/?#[\]@!$&*+,;=%-]/gu, encode);
}

/** One component. Also _ ~ * ! ' ( ), which are allowed in an address, are encoded: Markdown reads them. */
function urlPart(value: string): string {
  return /^[A-Za-z0-9.-]*$/.test(value) ? value : value.replaceAll(/[^A-Za-z0-9.-]/gu, encode);
}

/** `encodeURIComponent` leaves some ASCII alone. Lone surrogates, which it refuses, are gone before. */
function encode(character: string): string {
  const encoded = encodeURIComponent(character);
  return encoded.length > 1
    ? encoded
    : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
