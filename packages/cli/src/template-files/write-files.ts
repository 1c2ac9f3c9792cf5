import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { partEndings, partKey, partsFolder, settingsFile, templateKey, variantFile } from './read-files.ts';
import {
  defaultSettings,
  defaultSources,
  nameOf,
  type TemplateSet,
  type TemplateSource,
} from './template-source.ts';
import { formatVariant } from './variant-file.ts';

/** One file that is to be written, or that is no more. */
export interface FileChange {
  /** Below the directory. */
  file: string;
  action: 'create' | 'update' | 'delete';
  text: string;
}

/**
 * What has to be written so that a directory says the same as `set`. Folders of templates that it does not have are left
 * alone: they may be new. Throws a TypeError for keys that could leave their folder, which the API has none of.
 */
export function planFiles(dir: string, set: TemplateSet): FileChange[] {
  const wanted = new Map<string, string>();
  for (const template of set.templates) {
    for (const [name, text] of filesOf(template)) wanted.set(join(template.key, name), text);
  }
  for (const { part, key, source } of set.parts) {
    if (!partKey.test(key)) throw new TypeError(`"${key}" cannot be a file`);
    wanted.set(join(partsFolder, part, `${key}${partEndings[part]}`), `${source}\n`);
  }
  const changes: FileChange[] = [];
  for (const [file, text] of wanted) {
    const path = join(dir, file);
    const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    if (before === undefined) changes.push({ file, action: 'create', text });
    else if (before !== text) changes.push({ file, action: 'update', text });
  }
  const surplus = set.templates.flatMap(({ key }) =>
    listVariantFiles(join(dir, key)).map((name) => join(key, name)),
  );
  for (const file of surplus) if (!wanted.has(file)) changes.push({ file, action: 'delete', text: '' });
  return changes;
}

export function writeFiles(dir: string, changes: readonly FileChange[]): void {
  for (const { file, action, text } of changes) {
    const path = join(dir, file);
    if (action === 'delete') rmSync(path, { force: true });
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }
}

function filesOf({ key, settings, sources }: TemplateSource): [string, string][] {
  if (!templateKey.test(key)) throw new TypeError(`"${key}" cannot be a folder`);
  const { variants, ...others } = sources;
  const document = {
    name: settings.name,
    ...differing(settings, defaultSettings),
    ...differing(others, defaultSources),
  };
  return [
    [settingsFile, `${JSON.stringify(document, null, 2)}\n`],
    ...variants.map((variant): [string, string] => {
      const name = `${nameOf(variant)}.md`;
      if (!variantFile.test(name)) throw new TypeError(`"${name}" cannot be a file`);
      return [name, formatVariant(variant)];
    }),
  ];
}

/** What is as it would be anyway is left out, so that files say what somebody chose. */
function differing(fields: object, defaults: object): Record<string, unknown> {
  const usual = new Map(Object.entries(defaults));
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([name, value]) => usual.has(name) && !isDeepStrictEqual(value, usual.get(name)),
    ),
  );
}

function listVariantFiles(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => variantFile.test(name)) : [];
}
