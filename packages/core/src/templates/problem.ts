/** What can be wrong with a template's source, closed. */
export type TemplateProblemCode =
  | 'template.syntax'
  | 'template.too_large'
  | 'template.too_complex'
  | 'template.unsupported'
  | 'template.triple'
  | 'template.unknown_helper'
  | 'template.arguments'
  | 'template.unknown_variable'
  | 'template.unknown_partial'
  | 'template.partial_recursion'
  | 'template.content'
  | 'template.mjml'
  | 'template.place';

/**
 * One place of a template that does not compile. `source` names the text (`title`, `body`, `actions.0.url`,
 * `partials.footer`), lines and columns count from 1, `detail` says what would be right.
 */
export interface TemplateProblem {
  code: TemplateProblemCode;
  detail: string;
  source: string;
  line: number;
  column: number;
}

/**
 * What a template may cost. Most are far above what a notification needs and far below what is felt:
 * the parser takes quadratic time in the tags of a source and in the length of one tag.
 */
export const templateLimits = {
  sourceBytesMax: 64 * 1024,
  /** Of a layout for mails when it is HTML: what a person wrote is a fraction of it. */
  mailLayoutBytesMax: 256 * 1024,
  tagsMax: 500,
  tagLengthMax: 1_000,
  nodesMax: 500,
  /** Of a source and all partials that it names, each counted as often as it is named. */
  nodesWithPartialsMax: 2_000,
  depthMax: 16,
  partialDepthMax: 8,
  problemsMax: 20,
  /** Rounds of `each`, in sum over one rendering. */
  roundsMax: 10_000,
  outputBytesMax: 256 * 1024,
  /** What helpers give, in sum over one rendering: characters of texts, items of lists. It bounds memory. */
  helperLengthMax: 2 * 1024 * 1024,
} as const;

/** A limit that was reached while rendering. It never leaves this folder: the result of the rendering says it. */
export class LimitReached extends Error {}
