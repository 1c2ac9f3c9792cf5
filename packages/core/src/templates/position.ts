import type { Position } from './escape.ts';

/** How much of what the template wrote before a value is looked at: an address is no longer. */
export const precedingLengthMax = 500;

/** Where a value stands, by what the template wrote before it in the same text. */
export function positionAfter(preceding: string): Position {
  if (addressBegins.test(preceding)) return 'url';
  return addressGoesOn.test(preceding) ? 'url-part' : 'text';
}

/** Behind `](`, `]: ` and `href="`, the ways in which Markdown and HTML say that an address comes. */
const addressBegins = /(?:\]\([ \t]*<?|^ {0,3}\[[^\]\n]*\]:[ \t]*<?|\b(?:href|src)[ \t]*=[ \t]*["']?)$/i;
const addressGoesOn =
  /(?:\]\([ \t]*<?[^\s<>()"']+|\b(?:href|src)[ \t]*=[ \t]*["']?[^\s<>"']+|(?:https?:|mailto:)[^\s<>"')]*)$/i;
