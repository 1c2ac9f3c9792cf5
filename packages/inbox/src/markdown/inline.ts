import { decodeEntity } from './entities.ts';

/** A part of a line: text, or text with a meaning. Texts are shown as they are, never as HTML. */
export type Inline =
  | string
  | { type: 'strong' | 'em' | 'del'; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'link'; url: string; children: Inline[] }
  | { type: 'break' };

/** A run of `*`, `_` or `~` that may open or close something. */
interface Run {
  type: 'run';
  mark: string;
  count: number;
  canOpen: boolean;
  canClose: boolean;
}

/** A `[` that may begin a link, or an image where `!` stands before it. */
interface Bracket {
  type: 'bracket';
  isImage: boolean;
}

type Piece = Inline | Run | Bracket;

interface Reading {
  text: string;
  at: number;
  pieces: Piece[];
  /** Where in `pieces` brackets are open. */
  brackets: number[];
}

const punctuation = /[!-/:-@[-`{-~]/;
const special = /[\\`*_~[\]!<&\n]|https?:\/\/|mailto:/i;
/** A link says where it leads; a path would lead nowhere that its writer could know. */
const scheme = /^(?:https?:\/\/|mailto:)/i;
const address = /^(?:https?:\/\/|mailto:)[^\s<>"`]+/i;

/**
 * Reads the inside of a paragraph: CommonMark's emphasis, code, links and escapes, with strikethrough, bare
 * addresses and line breaks as the mails of Carillon have them. HTML is text; images are their alternative text.
 * Takes time in proportion to the length.
 */
export function parseInline(text: string): Inline[] {
  const reading: Reading = { text, at: 0, pieces: [], brackets: [] };
  while (reading.at < text.length) readPiece(reading);
  return joinRuns(reading.pieces);
}

function readPiece(reading: Reading): void {
  const { text, at } = reading;
  const rest = text.slice(at).search(special);
  if (rest !== 0) return readText(reading, rest < 0 ? text.length : at + rest);
  return (readers[text[at] ?? ''] ?? readAddress)(reading);
}

/** What is read by its first character; anything else that is special begins an address. */
const readers: Readonly<Record<string, (reading: Reading) => void>> = {
  '\\': readEscape,
  '`': readCode,
  '[': (reading) => openBracket(reading, 1),
  '!': (reading) =>
    reading.text[reading.at + 1] === '[' ? openBracket(reading, 2) : readText(reading, reading.at + 1),
  ']': closeBracket,
  '\n': readBreak,
  '&': readEntity,
  ...{ '*': readRun, _: readRun, '~': readRun },
};

function readBreak(reading: Reading): void {
  reading.pieces.push({ type: 'break' });
  reading.at += 1;
}

function readText(reading: Reading, end: number): void {
  reading.pieces.push(reading.text.slice(reading.at, end));
  reading.at = end;
}

function readEscape(reading: Reading): void {
  const next = reading.text[reading.at + 1] ?? '';
  if (!punctuation.test(next)) return readText(reading, reading.at + 1);
  reading.at += 1;
  return readText(reading, reading.at + 1);
}

function readEntity(reading: Reading): void {
  const found = decodeEntity(reading.text, reading.at);
  if (found === undefined) return readText(reading, reading.at + 1);
  reading.pieces.push(found.character);
  reading.at = found.end;
}

function readCode(reading: Reading): void {
  const { text, at } = reading;
  const [fence = ''] = /^`+/.exec(text.slice(at, at + 100)) ?? [];
  const start = at + fence.length;
  const closing = new RegExp(`(?<!\`)${fence}(?!\`)`, 'g');
  closing.lastIndex = start;
  const found = closing.exec(text);
  if (found === null) return readText(reading, start);
  const code = text.slice(start, found.index).replaceAll('\n', ' ');
  reading.pieces.push({ type: 'code', text: /^ .*[^ ].* $/.test(code) ? code.slice(1, -1) : code });
  reading.at = found.index + fence.length;
}

function readAddress(reading: Reading): void {
  const { text, at } = reading;
  const isAngled = text[at] === '<';
  // What stands inside of a word is no address.
  const isAllowed = isAngled || !/\w/.test(text[at - 1] ?? '');
  const found = isAllowed ? address.exec(text.slice(at + (isAngled ? 1 : 0), at + 2048)) : null;
  if (found === null) return readText(reading, at + 1);
  const url = isAngled ? found[0] : found[0].replace(/[\])*_~.,;:!?'"]+$/, '');
  const end = at + url.length + (isAngled ? 2 : 0);
  if (isAngled && text[end - 1] !== '>') return readText(reading, at + 1);
  reading.pieces.push({ type: 'link', url, children: [url] });
  reading.at = end;
}

function openBracket(reading: Reading, length: number): void {
  reading.brackets.push(reading.pieces.length);
  reading.pieces.push({ type: 'bracket', isImage: length === 2 });
  reading.at += length;
}

const target = /^\(\s*(?:<([^<>\n]*)>|((?:[^\s()\\]|\\.|\([^\s()]*\))*))(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/;

function closeBracket(reading: Reading): void {
  const { text, at, pieces } = reading;
  const start = reading.brackets.pop();
  const found = start === undefined ? undefined : findTarget(text.slice(at + 1, at + 4096));
  if (start === undefined || found === undefined) return readText(reading, at + 1);
  const opening = pieces[start];
  const children = joinRuns(pieces.splice(start).slice(1));
  const isImage = typeof opening === 'object' && opening.type === 'bracket' && opening.isImage;
  // There are no links in links: what was read before stays text.
  if (!isImage) reading.brackets = [];
  pieces.push(isImage ? textOf(children) : { type: 'link', url: found.url, children });
  reading.at = at + 1 + found.length;
}

/** Where a link leads, if that is said right behind its text and may be followed. */
function findTarget(text: string): { url: string; length: number } | undefined {
  const found = target.exec(text);
  const url = (found?.[1] ?? found?.[2] ?? '').replaceAll(/\\(.)/g, '$1');
  return found === null || !scheme.test(url) ? undefined : { url, length: found[0].length };
}

function readRun(reading: Reading): void {
  const { text, at } = reading;
  const mark = text[at] ?? '';
  let end = at + 1;
  while (text[end] === mark) end += 1;
  // A single `~` is itself.
  if (mark === '~' && end - at !== 2) return readText(reading, end);
  const sides = sidesOf(mark, text[at - 1] ?? ' ', text[end] ?? ' ');
  reading.pieces.push({ type: 'run', mark, count: end - at, ...sides });
  reading.at = end;
}

const blankOrPunctuation = /[\s!-/:-@[-`{-~]/;

/** Whether a run may open and close something (CommonMark 0.31, "left-flanking" and "right-flanking"). */
function sidesOf(mark: string, before: string, after: string): Pick<Run, 'canOpen' | 'canClose'> {
  const isLeft = !/\s/.test(after) && (!punctuation.test(after) || blankOrPunctuation.test(before));
  const isRight = !/\s/.test(before) && (!punctuation.test(before) || blankOrPunctuation.test(after));
  if (mark !== '_' || !isLeft || !isRight) return { canOpen: isLeft, canClose: isRight };
  // `_` inside of words is itself.
  return { canOpen: punctuation.test(before), canClose: punctuation.test(after) };
}

/** So deep emphasis may be in emphasis; what is deeper is text. */
const depthMax = 12;

/** Makes what stands between two runs strong, emphasised or struck out (CommonMark 0.31, "process emphasis"). */
function joinRuns(pieces: readonly Piece[]): Inline[] {
  const done: Piece[] = [];
  const openers: number[] = [];
  for (const piece of pieces) {
    if (typeof piece === 'string' || piece.type !== 'run' || !piece.canClose) {
      if (isRun(piece) && piece.canOpen) openers.push(done.length);
      done.push(piece);
      continue;
    }
    const run = { ...piece };
    closeRuns(done, openers, run);
    if (run.count === 0) continue;
    if (run.canOpen) openers.push(done.length);
    done.push(run);
  }
  return joinTexts(done.map(plain));
}

function closeRuns(done: Piece[], openers: number[], run: Run): void {
  // Looked for among the nearest only: so a text full of marks takes no longer than another.
  for (let back = 1; back <= Math.min(depthMax, openers.length) && run.count > 0;) {
    const index = openers[openers.length - back] ?? 0;
    const opener = done[index];
    if (!isRun(opener) || opener.mark !== run.mark) {
      back += 1;
      continue;
    }
    const length = Math.min(2, opener.count, run.count);
    const children = joinTexts(done.splice(index + 1).map(plain));
    openers.length -= back;
    back = 1;
    opener.count -= length;
    run.count -= length;
    if (opener.count === 0) done.pop();
    else openers.push(index);
    done.push({ type: typeOf(run.mark, length), children });
  }
}

function typeOf(mark: string, length: number): 'strong' | 'em' | 'del' {
  if (mark === '~') return 'del';
  return length === 2 ? 'strong' : 'em';
}

function isRun(piece: Piece | undefined): piece is Run {
  return typeof piece === 'object' && piece.type === 'run';
}

/** Marks that found no other are themselves. */
function plain(piece: Piece): Inline {
  if (typeof piece === 'string') return piece;
  if (piece.type === 'run') return piece.mark.repeat(piece.count);
  if (piece.type === 'bracket') return piece.isImage ? '![' : '[';
  return piece;
}

function joinTexts(inlines: readonly Inline[]): Inline[] {
  const joined: Inline[] = [];
  for (const inline of inlines) {
    const last = joined.at(-1);
    if (typeof inline === 'string' && typeof last === 'string') joined[joined.length - 1] = last + inline;
    else joined.push(inline);
  }
  return joined;
}

/** The text alone, for what cannot be shown otherwise. */
export function textOf(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      if (typeof inline === 'string') return inline;
      if (inline.type === 'break') return ' ';
      return inline.type === 'code' ? inline.text : textOf(inline.children);
    })
    .join('');
}
