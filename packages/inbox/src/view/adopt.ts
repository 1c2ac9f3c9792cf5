/** Gives a shadow root a style sheet that comes later than the element. */
export function adopt(root: ShadowRoot | null, styles: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root?.adoptedStyleSheets.push(sheet);
  return sheet;
}
