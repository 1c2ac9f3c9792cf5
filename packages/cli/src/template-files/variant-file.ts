import { parseDocument, stringify } from 'yaml';
import type { Variant } from './template-source.ts';
import { unixLines } from './template-source.ts';

/** What of a variant stands in the front matter: all but the body, and but what the name of the file says. */
export type VariantText = Pick<Variant, 'title' | 'body' | 'actions' | 'url' | 'icon'>;

const fence = '---';
const known = new Set(['title', 'actions', 'url', 'icon']);

/** A Markdown file with YAML front matter. What is empty is left out. */
export function formatVariant({ title, body, actions, url, icon }: VariantText): string {
  const matter = {
    title,
    ...(url !== null && { url }),
    ...(icon !== null && { icon }),
    ...(actions.length > 0 && { actions }),
  };
  const text = unixLines(body);
  return `${fence}\n${stringify(matter, { lineWidth: 0 })}${fence}\n${text === '' ? '' : `${text}\n`}`;
}

/**
 * The variant that a file says; `formatVariant` made into text again gives the same. Throws an Error that says what is
 * wrong, and on which line. What the fields may hold is for the API to judge.
 */
export function parseVariant(fileText: string): VariantText {
  const text = unixLines(fileText);
  const match = /^---\n([^]*?)^---[ \t]*(?:\n|$)([^]*)$/m.exec(text);
  if (match === null || !text.startsWith(`${fence}\n`)) {
    throw new Error('line 1: it must begin with front matter between two lines `---`, with a `title` in it');
  }
  const [, matterText = '', rest = ''] = match;
  const matter = parseMatter(matterText);
  const unknown = Object.keys(matter).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new Error(`\`${unknown}\` is no field of a text: there are ${[...known].join(', ')}`);
  }
  const { title, actions = [], url = null, icon = null } = matter;
  if (typeof title !== 'string') throw new Error('`title` must be a text');
  // The last line end is the file's, not the text's.
  const body = rest.endsWith('\n') ? rest.slice(0, -1) : rest;
  // The API checks the rest of it, and names the place.
  return { title, body, actions, url, icon } as VariantText;
}

function parseMatter(text: string): Record<string, unknown> {
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split('\n').length + 1;
    throw new Error(`line ${line}: ${error.message}`);
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('line 2: the front matter must have a `title: …`');
  }
  return { ...value };
}
