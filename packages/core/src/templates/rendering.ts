import type { Position } from './escape.ts';
import type { Manner } from './formats.ts';
import { LimitReached, templateLimits } from './problem.ts';
import { textOf } from './values.ts';

/** One rendering under way: what it reads, and what it has written so far. */
export interface Rendering {
  root: Readonly<Record<string, unknown>>;
  manner: Manner;
  escape: (value: string, position: Position) => string;
  /** What `{{> @content}}` prints, as it is. */
  content: string;
  output: string;
  /** Paths of variables that were absent or null where something was to be printed, each once, in order. */
  missing: string[];
  roundsLeft: number;
  helperLengthLeft: number;
}

/** What `this`, `../` and `@index` mean at a place. `each` and `with` open a new one. */
export interface Frame {
  context: unknown;
  outer: Frame | undefined;
  /** Where in an `each`; undefined in other frames. */
  round: Round | undefined;
  /** Values of the names after `as |…|`. */
  named: readonly unknown[];
}

interface Round {
  index: number;
  key: string | number;
  first: boolean;
  last: boolean;
}

export type Printer = (rendering: Rendering, frame: Frame) => void;
export type Getter = (rendering: Rendering, frame: Frame) => unknown;

/** Writes what the author wrote. */
export function write(rendering: Rendering, text: string): void {
  rendering.output += text;
  if (rendering.output.length > templateLimits.outputBytesMax) {
    throw new LimitReached(`The text became longer than ${templateLimits.outputBytesMax} bytes.`);
  }
}

/** Writes what came from data. */
export function writeValue(rendering: Rendering, value: unknown, position: Position): void {
  const text = textOf(value);
  if (text !== '') write(rendering, rendering.escape(text, position));
}

export function markMissing(rendering: Rendering, path: string): void {
  if (!rendering.missing.includes(path)) rendering.missing.push(path);
}

/** Called for each round of a loop and each partial: what could multiply. */
export function countRound(rendering: Rendering): void {
  rendering.roundsLeft -= 1;
  if (rendering.roundsLeft < 0) {
    throw new LimitReached(`Loops went through more than ${templateLimits.roundsMax} rounds in all.`);
  }
}

/** Counts what a helper gave: of a value that is small by itself a template could make many. */
export function countGiven(rendering: Rendering, given: unknown): unknown {
  if (typeof given !== 'string' && !Array.isArray(given)) return given;
  rendering.helperLengthLeft -= given.length;
  if (rendering.helperLengthLeft < 0) {
    throw new LimitReached(`Helpers made more than ${templateLimits.helperLengthMax} characters in all.`);
  }
  return given;
}
