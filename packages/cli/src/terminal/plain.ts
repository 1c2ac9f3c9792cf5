// C0 and C1 controls, and the marks that reorder or hide text: none of them is shown, all of them can deceive.
// oxlint-disable-next-line no-control-regex -- these are what is to be taken out
const hidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * A text of somebody else on one line, without anything that a terminal would obey: a title may not move the cursor,
 * set colours or rename the window.
 */
export function plain(text: string): string {
  return text.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(hidden, '');
}

/** The same for a text of several lines, which stay lines. */
export function plainLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/).map((line) => line.replaceAll('\t', '  ').replaceAll(hidden, ''));
}
