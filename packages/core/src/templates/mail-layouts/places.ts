import { Parser } from 'htmlparser2';
import type { TemplateProblem } from '../problem.ts';
import { marksIn, type TagMark } from './tag-marks.ts';

/** Attributes whose values are text or an address that is escaped as one. In all others a value could be more. */
const open: ReadonlySet<string> = new Set(['href', 'src', 'alt', 'title', 'lang', 'dir', 'aria-label']);
/** What stands in them is another language, in which escapes of HTML mean nothing. */
const foreign: ReadonlySet<string> = new Set([
  'style',
  'script',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
  'plaintext',
]);
/** Outlook reads what is in them as HTML. */
const conditional = /^\[if [^\]]*\]>([\s\S]*)<!\[endif\]$/;

const openList = [...open].join(', ');

/**
 * The tags that stand where what they print could become more than a text or an address: in styles, scripts and names,
 * in attributes without quotation marks. And those that MJML has dropped.
 */
export function findMisplaced(html: string, marks: readonly TagMark[]): TemplateProblem[] {
  const seen = new Map<string, string | undefined>();
  read(html, marks, (mark, fault) => {
    if (!seen.has(mark) || fault !== undefined) seen.set(mark, fault);
  });
  return marks.flatMap(({ mark, tag, line, column }): TemplateProblem[] => {
    // A comment prints nothing, wherever it stands, and may be lost.
    if (/^\{\{~?!/.test(tag)) return [];
    const fault = seen.has(mark)
      ? seen.get(mark)
      : 'is lost: between elements a tag stands in <mj-raw>, and in <mj-head> there is no place for it';
    return fault === undefined
      ? []
      : [
          {
            code: 'template.place',
            source: 'mail_layout',
            line,
            column,
            detail: `${shorten(tag)} ${fault}.`,
          },
        ];
  });
}

type Note = (mark: string, fault: string | undefined) => void;

function read(html: string, marks: readonly TagMark[], note: Note): void {
  const pattern = marksIn(marks);
  const contents = new Set(marks.filter(({ tag }) => /@content/.test(tag)).map(({ mark }) => mark));
  const noteAll = (text: string, fault: (mark: string) => string | undefined): void => {
    for (const mark of text.match(pattern) ?? []) note(mark, fault(mark));
  };
  const inside: string[] = [];
  const parser = new Parser(
    {
      onopentagname(name) {
        inside.push(name);
        noteAll(name, () => 'is part of the name of an element');
      },
      onclosetag: () => void inside.pop(),
      onattribute(name, value, quote) {
        noteAll(name, () => 'stands between attributes; it may stand in the value of one');
        noteAll(value, (mark) => faultInAttribute(name, quote, contents.has(mark)));
      },
      ontext(text) {
        const name = inside.find((one) => foreign.has(one));
        noteAll(text, () =>
          name === undefined ? undefined : `stands in <${name}>, where values mean more than text`,
        );
      },
      oncomment(text) {
        const inner = conditional.exec(text)?.[1];
        if (inner === undefined) noteAll(text, () => 'stands in a comment of HTML');
        else read(inner, marks, note);
      },
      onprocessinginstruction: (_name, text) => noteAll(text, () => 'stands where nobody reads it'),
    },
    { decodeEntities: false },
  );
  parser.end(html);
}

function faultInAttribute(
  name: string,
  quote: string | null | undefined,
  isContent: boolean,
): string | undefined {
  if (!open.has(name)) {
    return `stands in the attribute ${name}; values may stand in text and in ${openList}`;
  }
  if (quote === null || quote === undefined) return `stands in ${name} without quotation marks`;
  return isContent ? 'stands in an attribute; the body is a part of the text' : undefined;
}

function shorten(tag: string): string {
  const line = tag.replaceAll(/\s+/g, ' ');
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
