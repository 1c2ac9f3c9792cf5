import type { MessageNotification } from './adapter.ts';

/** A link under a message, safe to offer to a reader. */
export interface MessageLink {
  label: string;
  href: string;
}

const linkSchemes = new Set(['http:', 'https:', 'mailto:']);

/**
 * The actions of a notification, then the thing itself. Relative links are completed with `publicUrl`; a link of any
 * other scheme than http, https and mailto is left out.
 */
export function linksOf(
  { actions, url }: Pick<MessageNotification, 'actions' | 'url'>,
  publicUrl: string,
): MessageLink[] {
  const wanted = [...actions, ...(url === null ? [] : [{ label: 'Open', url }])];
  return wanted.flatMap((action) => {
    const href = safeHref(action.url, publicUrl);
    return href === undefined ? [] : [{ label: oneLine(action.label), href }];
  });
}

/** Whether vendors take the link for a button: http or https, to a host that a stranger could resolve. */
export function isButtonLink({ href }: MessageLink): boolean {
  const { protocol, hostname } = new URL(href);
  return protocol !== 'mailto:' && hostname.includes('.');
}

function safeHref(url: string, publicUrl: string): string | undefined {
  if (!URL.canParse(url, publicUrl)) return undefined;
  const { protocol, href } = new URL(url, publicUrl);
  return linkSchemes.has(protocol) ? href : undefined;
}

/** Headers and headings are one line; control characters become a space, so nothing can start a header of its own. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
