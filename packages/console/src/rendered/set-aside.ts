/** A page of HTML whose styles stand apart, so that a parser under a strict policy meets none. */
export interface SetAside {
  /** Without sheets and comments; attributes `style` are called `data-style`. */
  html: string;
  sheets: string[];
}

const comment = /<!--[^]*?-->/g;
const sheet = /<style\b[^>]*>([^]*?)<\/style\s*>/gi;
const startTag = /<[a-z][^<>]*>/gi;

/**
 * Takes the styles out of a page that the server rendered. Even a document that is only parsed is held to the policy of
 * the page around it, which would refuse each of them and complain of it. What is missed here is refused then.
 */
export function setStylesAside(page: string): SetAside {
  const sheets: string[] = [];
  // Comments first: mail programs of one sort read styles in them that no browser does.
  const html = page
    .replaceAll(comment, '')
    .replaceAll(sheet, (_, css: string) => {
      sheets.push(css);
      return '';
    })
    .replaceAll(startTag, (tag) => tag.replace(/(\s)style(\s*=)/i, '$1data-style$2'));
  return { html, sheets };
}
