import type { TemplateVersion } from '@carillon/client';
import { diffWordsWithSpace, structuredPatch } from 'diff';

/** A piece of a line, and whether the other version lacks it. */
export interface ComparedPart {
  text: string;
  changed: boolean;
}

/** A line of one of two texts, or of both; `gap` stands for lines in which they are the same. */
export interface ComparedLine {
  sort: 'same' | 'added' | 'removed' | 'gap';
  parts: ComparedPart[];
  /** Counted from 1; undefined where the version does not have the line. */
  before: number | undefined;
  after: number | undefined;
}

/** One text of a version that differs from that of the other version. */
export interface ComparedText {
  label: string;
  lines: ComparedLine[];
}

/** What two versions of a template say differently, wording by wording; empty when they say the same. */
export function compareVersions(before: TemplateVersion, after: TemplateVersion): ComparedText[] {
  const [old, now] = [textsOf(before), textsOf(after)];
  const labels = new Set([...now.keys(), ...old.keys()]);
  return [...labels]
    .map((label) => ({ label, lines: compareTexts(old.get(label) ?? '', now.get(label) ?? '') }))
    .filter(({ lines }) => lines.length > 0);
}

/** Where a wording is used, in words: "every kind, every language", "email, de". */
export function wordingLabel({ kind, locale }: { kind: string; locale: string }): string {
  return `${kind === '' ? 'every kind' : kind}, ${locale === '' ? 'every language' : locale}`;
}

function textsOf(version: TemplateVersion): Map<string, string> {
  const texts = new Map<string, string>();
  const add = (label: string, text: string | null) => {
    if (text !== null && text !== '') texts.set(label, text);
  };
  for (const one of version.variants) {
    const place = wordingLabel(one);
    add(`Title (${place})`, one.title);
    add(`Body (${place})`, one.body);
    add(`Link (${place})`, one.url);
    add(`Picture (${place})`, one.icon);
    add(`Buttons (${place})`, one.actions.map(({ label, url }) => `${label} → ${url}`).join('\n'));
  }
  add('Layout', version.layout);
  add('Layout for mails', version.mail_layout);
  add('Variables without data', version.on_missing);
  add('Schema of the data', version.data_schema === null ? null : asJson(version.data_schema));
  add('Sample data', asJson(version.sample_data));
  return texts;
}

function asJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/** As a patch of three lines around each change; empty for two texts that are the same. */
export function compareTexts(before: string, after: string): ComparedLine[] {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 3 });
  return hunks.flatMap((hunk, index) => {
    const start = { before: hunk.oldStart, after: hunk.newStart };
    const lines = withParts(numbered(hunk.lines, start));
    const startsLate = index > 0 || hunk.newStart > 1;
    return startsLate ? [gap, ...lines] : lines;
  });
}

const gap: ComparedLine = { sort: 'gap', parts: [], before: undefined, after: undefined };

function numbered(lines: readonly string[], start: { before: number; after: number }): ComparedLine[] {
  let { before, after } = start;
  // A line that begins with a backslash says that the text has no newline at its end.
  return lines.flatMap((line): ComparedLine[] => {
    const parts = [{ text: line.slice(1), changed: false }];
    switch (line[0]) {
      case '+':
        return [{ sort: 'added', parts, before: undefined, after: after++ }];
      case '-':
        return [{ sort: 'removed', parts, before: before++, after: undefined }];
      case ' ':
        return [{ sort: 'same', parts, before: before++, after: after++ }];
      default:
        return [];
    }
  });
}

/** Where as many lines came as went, each is compared with its fellow word by word. */
function withParts(lines: ComparedLine[]): ComparedLine[] {
  const done = [...lines];
  for (let index = 0; index < lines.length; index += 1) {
    const removed = runOf(lines, index, 'removed');
    const added = runOf(lines, index + removed, 'added');
    if (removed > 0 && removed === added) {
      for (let row = index; row < index + removed; row += 1) pair(done, row, row + removed);
    }
    index += Math.max(removed + added - 1, 0);
  }
  return done;
}

function runOf(lines: readonly ComparedLine[], from: number, sort: ComparedLine['sort']): number {
  let end = from;
  while (lines[end]?.sort === sort) end += 1;
  return end - from;
}

function pair(lines: ComparedLine[], oldRow: number, newRow: number): void {
  const [old, now] = [lines[oldRow], lines[newRow]];
  if (old === undefined || now === undefined) return;
  const changes = diffWordsWithSpace(textOf(old), textOf(now));
  const without = (sort: 'added' | 'removed') =>
    changes
      .filter((one) => !one[sort])
      .map(({ value, added, removed }) => ({ text: value, changed: added || removed }));
  lines[oldRow] = { ...old, parts: without('added') };
  lines[newRow] = { ...now, parts: without('removed') };
}

function textOf({ parts }: ComparedLine): string {
  return parts.map(({ text }) => text).join('');
}
