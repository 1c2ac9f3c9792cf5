import { findTags, placeAt } from '../tags.ts';

/** One tag of a source, and what stood for it while it went through MJML. */
export interface TagMark {
  mark: string;
  /** With its braces. */
  tag: string;
  line: number;
  column: number;
}

/** A source in which each tag of ours is one word, which nothing that handles HTML or CSS takes apart. */
export interface MarkedSource {
  text: string;
  marks: readonly TagMark[];
}

export function markTags(source: string): MarkedSource {
  const prefix = unusedWord(source);
  const marks: TagMark[] = [];
  let text = '';
  let done = 0;
  for (const { start, end } of findTags(source)) {
    const mark = `${prefix}${marks.length}z`;
    marks.push({ mark, tag: source.slice(start, end), ...placeAt(source, start) });
    text += source.slice(done, start) + mark;
    done = end;
  }
  return { text: text + source.slice(done), marks };
}

/** The tags again in the places of their marks. */
export function restoreTags(text: string, marks: readonly TagMark[]): string {
  const tags = new Map(marks.map(({ mark, tag }) => [mark, tag]));
  return text.replaceAll(marksIn(marks), (mark) => tags.get(mark) ?? mark);
}

/** Finds the marks of a source in any text. */
export function marksIn([first]: readonly TagMark[]): RegExp {
  const prefix = first?.mark.replace(/\d+z$/, '') ?? '(?!)';
  return new RegExp(`${prefix}\\d+z`, 'g');
}

function unusedWord(source: string): string {
  let word = 'tag';
  while (source.includes(word)) word += 'q';
  return word;
}
