import { Marked } from 'marked';
import sanitizeHtml from 'sanitize-html';

/**
 * Markdown → HTML that is safe to put in a mail or a page: no raw HTML survives beyond the tags
 * that Markdown itself makes, links go to http, https and mailto only, images are dropped.
 */
export function markdownToHtml(markdown: string): string {
  const html = marked.parse(markdown, { async: false });
  return sanitizeHtml(html, sanitizerOptions).trim();
}

/** Markdown → readable plain text: links keep their address, list items a dash. */
export function markdownToText(markdown: string): string {
  const html = markdownToHtml(markdown)
    .replaceAll(/<a href="([^"]*)"[^>]*>(.*?)<\/a>/gs, (_whole, url: string, label: string) =>
      label === url ? url : `${label} (${url})`,
    )
    .replaceAll('<li>', '- ')
    .replaceAll(/<br ?\/?>/g, '\n')
    .replaceAll(/<\/(?:p|li|h[1-6]|blockquote|pre|tr|ul|ol)>/g, '$&\n');
  const text = sanitizeHtml(html, { allowedTags: [], allowedAttributes: {} });
  return decodeEntities(text)
    .replaceAll(/[ \t]+\n/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

const marked = new Marked({ gfm: true, breaks: true });

const sanitizerOptions: sanitizeHtml.IOptions = {
  allowedTags: [
    ...['p', 'br', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'hr', 'a'],
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  allowedAttributes: { a: ['href', 'rel'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  transformTags: { a: sanitizeHtml.simpleTransform('a', { rel: 'noopener noreferrer' }) },
};

/** The sanitiser writes only these five entities. */
function decodeEntities(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
