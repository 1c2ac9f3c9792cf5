import { createHash } from 'node:crypto';
import { unsubscribeTexts, type UnsubscribeTexts } from '@carillon/core';
import type { Unsubscribe } from '../actions/unsubscribe.ts';

/** A page for people, with what its answer must say beside it. */
export interface Page {
  status: number;
  html: string;
}

/** What the page of a link says: before anything is done, or what was done just now. */
export function renderUnsubscribe(found: Unsubscribe, done: 'off' | 'on' | undefined): Page {
  const texts = unsubscribeTexts(found.locales);
  const { heading, button } = contentOf(found, texts, done);
  return {
    // A refusal is told as one, so that programs do not take it for done.
    status: found.isMandatory && done !== undefined ? 409 : 200,
    html: render(texts.locale, [
      `<p class="from">${escapeHtml(found.organizationName)}</p>`,
      `<h1>${escapeHtml(heading)}</h1>`,
      ...(button === undefined ? [] : [formOf(button)]),
      `<p>${escapeHtml(texts.others)}</p>`,
    ]),
  };
}

/** For a link that is none of ours, or whose user is gone: the same for both. */
export function renderGone(locales: readonly string[]): Page {
  const texts = unsubscribeTexts(locales);
  return {
    status: 404,
    html: render(texts.locale, [
      `<h1>${escapeHtml(texts.gone)}</h1>`,
      `<p>${escapeHtml(texts.goneHint)}</p>`,
    ]),
  };
}

interface Button {
  label: string;
  wish: 'off' | 'on';
}

function contentOf(
  { isOff, isMandatory, category, categoryName }: Unsubscribe,
  texts: UnsubscribeTexts,
  done: 'off' | 'on' | undefined,
): { heading: string; button: Button | undefined } {
  const say = (text: string, textOfAll: string) => (category === '' ? textOfAll : named(text, categoryName));
  if (isMandatory) return { heading: named(texts.mandatory, categoryName), button: undefined };
  if (isOff) return { heading: say(texts.off, texts.offAll), button: { label: texts.undo, wish: 'on' } };
  const button: Button = { label: texts.confirm, wish: 'off' };
  return { heading: done === 'on' ? say(texts.on, texts.onAll) : say(texts.ask, texts.askAll), button };
}

function named(text: string, name: string): string {
  return text.replace('#', () => name);
}

/** To the address of the page itself, which is all the credential there is. */
function formOf({ label, wish }: Button): string {
  return `<form method="post"><input type="hidden" name="mails" value="${wish}"><button>${escapeHtml(label)}</button></form>`;
}

const style = `:root { color-scheme: light dark; }
body { margin: 0; font: 1rem/1.55 system-ui, "Segoe UI", Roboto, Arial, sans-serif; color: #1d2127; background: #fff; }
main { max-width: 34rem; margin: 10vh auto; padding: 0 1.25rem; }
h1 { font-size: 1.4rem; line-height: 1.35; margin: 0 0 1.25rem; overflow-wrap: anywhere; }
p { color: #4a525d; overflow-wrap: anywhere; }
button { font: inherit; font-weight: 600; padding: .65rem 1.25rem; border: 0; border-radius: .4rem; background: #1f5fae; color: #fff; cursor: pointer; }
button:hover { background: #174a89; }
button:focus-visible { outline: 3px solid #f2a900; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  body { color: #e4e7eb; background: #15181c; }
  p { color: #aeb6c1; }
  button { background: #8bb8f0; color: #10243d; }
  button:hover { background: #aacdf6; }
}`;

function render(locale: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="${locale}" dir="auto">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${titleOf(parts)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
${parts.join('\n')}
</main>
</body>
</html>
`;
}

/** The heading, which is escaped already. */
function titleOf(parts: readonly string[]): string {
  return parts.map((part) => /^<h1>(.*)<\/h1>$/.exec(part)?.[1]).find((text) => text !== undefined) ?? '';
}

/** Works without scripts; nothing is loaded, and nobody may frame it: a hidden button is pressed too easily. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Frame-Options': 'DENY',
  // The address is a credential.
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex, nofollow',
  'Cache-Control': 'no-store',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
