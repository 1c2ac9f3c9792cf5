import type { TemplateContent } from './content.ts';

/** Text and variables, `{{name}}` or `{{a.b}}`, and nothing else: no block, helper with arguments, partial or escape. */
const plainSource = /^(?:[^{\\]|\{(?!\{)|\{\{\s*[a-z_]\w*(?:\.[a-z_]\w*)*\s*\}\})*$/i;

/** Of all texts together: what people write is far below, and the parser takes quadratic time in the tags of a source. */
const plainLimits = { length: 8 * 1024, tags: 100 } as const;

/**
 * Whether all texts of a content are plain: whatever the data, each part of them is written once, so that what compiling
 * and rendering cost is bounded by the lengths of texts and data alone.
 */
export function isPlainContent(content: TemplateContent): boolean {
  const { title, body, actions = [], url = '', icon = '', layout, mailLayout } = content;
  if (layout !== undefined || mailLayout !== undefined) return false;
  const sources = [title, body, url, icon, ...actions.flatMap((action) => [action.label, action.url])];
  const length = sources.reduce((sum, source) => sum + source.length, 0);
  if (length > plainLimits.length || !sources.every((source) => plainSource.test(source))) return false;
  return sources.reduce((sum, source) => sum + source.split('{{').length - 1, 0) <= plainLimits.tags;
}
