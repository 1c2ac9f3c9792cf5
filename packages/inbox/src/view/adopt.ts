/** Gives a shadow root a style sheet that comes later than the element, once; there are no others that come so. */
export function adopt(root: ShadowRoot | null, styles: string): void {
  if (root === null || root.adoptedStyleSheets.some((sheet) => sheet.media.mediaText === late)) return;
  const sheet = new CSSStyleSheet({ media: late });
  sheet.replaceSync(styles);
  root.adoptedStyleSheets.push(sheet);
}

/** Marks the sheet, and is true on every device. */
const late = 'all';
