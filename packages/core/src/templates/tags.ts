import { templateLimits, type TemplateProblem } from './problem.ts';

/**
 * Looks for what would make the parser slow, before it is called: too many tags, tags that are too long, blocks
 * that are too deep. Takes time in proportion to the length. Undefined when there is nothing to say.
 */
export function findCostlyTag(text: string, source: string): TemplateProblem | undefined {
  const { tagsMax, tagLengthMax, depthMax } = templateLimits;
  let tags = 0;
  let depth = 0;
  let at = text.indexOf('{{');
  while (at !== -1) {
    if (isEscaped(text, at)) {
      at = text.indexOf('{{', at + 2);
      continue;
    }
    const end = endOfTag(text, at);
    tags += 1;
    if (tags > tagsMax) return problemAt(text, at, source, `has more than ${tagsMax} tags; split it`);
    const isComment = text[at + 2] === '!' || text.startsWith('~!', at + 2);
    if (!isComment && end - at > tagLengthMax) {
      return problemAt(text, at, source, `has a tag of more than ${tagLengthMax} characters`);
    }
    depth += blockStep(text, at);
    if (depth > depthMax) {
      return problemAt(text, at, source, `has blocks inside each other more than ${depthMax} deep`);
    }
    at = text.indexOf('{{', end);
  }
  return undefined;
}

/** Where each tag begins and ends, in order; comments are tags too. */
export function findTags(text: string): { start: number; end: number }[] {
  const tags: { start: number; end: number }[] = [];
  let at = text.indexOf('{{');
  while (at !== -1) {
    const end = isEscaped(text, at) ? at + 2 : endOfTag(text, at);
    if (!isEscaped(text, at)) tags.push({ start: at, end });
    at = text.indexOf('{{', end);
  }
  return tags;
}

/** Line and column of a character, both from 1. */
export function placeAt(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

/** `\{{` is text and `\\{{` a backslash and a tag. */
function isEscaped(text: string, at: number): boolean {
  return text[at - 1] === '\\' && text[at - 2] !== '\\';
}

/** Behind the braces that close; texts in quotation marks may hold braces. */
function endOfTag(text: string, start: number): number {
  if (text.startsWith('!--', start + 2)) return behind(text, '--}}', start);
  if (text[start + 2] === '!') return behind(text, '}}', start);
  let quote = '';
  for (let at = start + 2; at < text.length; at += 1) {
    const character = text[at];
    if (quote !== '') {
      if (character === quote && text[at - 1] !== '\\') quote = '';
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (character === '}' && text[at + 1] === '}') {
      return at + 2;
    }
  }
  return text.length;
}

function behind(text: string, mark: string, start: number): number {
  const at = text.indexOf(mark, start);
  return at === -1 ? text.length : at + mark.length;
}

/** How much deeper it is behind the tag. `{{else}}` and its short form `{{^}}` open nothing. */
function blockStep(text: string, at: number): number {
  const begin = text.slice(at + 2, at + 6).replace(/^[{~]+/, '');
  if (begin.startsWith('#')) return 1;
  if (begin.startsWith('/')) return -1;
  return /^\^[^~}\s]/.test(begin) ? 1 : 0;
}

function problemAt(text: string, at: number, source: string, what: string): TemplateProblem {
  return { code: 'template.too_complex', detail: `The template ${what}.`, source, ...placeAt(text, at) };
}
