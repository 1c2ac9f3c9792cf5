import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { channelKinds, type ChannelKind } from '@carillon/core';
import { UsageError } from '../failure.ts';
import {
  defaultSettings,
  defaultSources,
  sourcesOf,
  unixLines,
  type PartSource,
  type TemplateSet,
  type TemplateSource,
  type Variant,
} from './template-source.ts';
import { parseVariant } from './variant-file.ts';

/** Folder of partials and layouts: no key of a template begins with an underscore. */
export const partsFolder = '_parts';
export const settingsFile = 'template.json';
export const partEndings = { partial: '.hbs', layout: '.hbs', mail_layout: '.mjml' } as const;

/** Keys of templates and parts, and names of variants, as the API has them: none leaves its folder. */
export const templateKey = /^[a-z0-9][a-z0-9._-]{0,99}$/;
export const partKey = /^[a-z][a-z0-9_-]{0,99}$/;
export const variantFile = /^([a-z_]+)(?:\.([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*))?\.md$/;

const settingNames = ['name', ...Object.keys(defaultSettings)];
const sourceNames = Object.keys(defaultSources);

/** What a directory says. Throws a UsageError that names every file with something wrong in it, not only the first. */
export function readTemplateFiles(dir: string): TemplateSet {
  if (!existsSync(dir))
    throw new UsageError(`There is no directory ${dir}: carillon templates pull makes it`);
  const problems: string[] = [];
  const attempt = <T>(file: string, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      problems.push(`${relative(dir, file)}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const folders = readdirSync(dir, { withFileTypes: true }).filter((one) => one.isDirectory());
  const templates = folders
    .filter(({ name }) => !name.startsWith('_') && !name.startsWith('.'))
    .flatMap(({ name }) => readTemplate(join(dir, name), name, attempt) ?? []);
  const parts = (['partial', 'layout', 'mail_layout'] as const).flatMap((part) =>
    readParts(join(dir, partsFolder, part), part, attempt),
  );
  if (problems.length > 0) throw new UsageError(['These files are not right:', ...problems].join('\n'));
  return { templates, parts };
}

type Attempt = <T>(file: string, read: () => T) => T | undefined;

function readTemplate(folder: string, key: string, attempt: Attempt): TemplateSource | undefined {
  const file = join(folder, settingsFile);
  const fields = attempt(file, () => {
    if (!templateKey.test(key)) throw new Error(`"${key}" cannot be the key of a template`);
    return readSettings(file);
  });
  const variants = readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => attempt(join(folder, name), () => readVariant(join(folder, name), name)) ?? []);
  if (variants.length === 0) {
    attempt(folder, () => {
      throw new Error('it has no text: default.md is one');
    });
  }
  if (fields === undefined) return undefined;
  const pick = (names: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(names.filter((name) => name in fields).map((name) => [name, fields[name]]));
  const settings = { ...defaultSettings, name: key, ...pick(settingNames) };
  const sources = { ...defaultSources, ...pick(sourceNames), variants };
  // The API checks what the fields hold, and names the place.
  return { key, settings, sources: sourcesOf(sources) };
}

function readSettings(file: string): Record<string, unknown> {
  if (!existsSync(file)) return {};
  const value = parseJson(readFileSync(file, 'utf8'));
  const known = [...settingNames, ...sourceNames];
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`\`${unknown}\` is none of ${known.join(', ')}`);
  return value;
}

function parseJson(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('it is no JSON object');
  return { ...value };
}

function readVariant(file: string, name: string): Variant {
  const [, kindName = '', locale = ''] = variantFile.exec(name) ?? [];
  const kind = kindName === 'default' ? '' : channelKinds.find((one) => one === kindName);
  if (kind === undefined) {
    throw new Error(
      `it must be called default.md or after a channel kind (${channelKinds.join(', ')}), perhaps with a language: email.de.md`,
    );
  }
  return { kind: kind satisfies ChannelKind | '', locale, ...parseVariant(readFileSync(file, 'utf8')) };
}

function readParts(folder: string, part: PartSource['part'], attempt: Attempt): PartSource[] {
  if (!existsSync(folder)) return [];
  const ending = partEndings[part];
  return readdirSync(folder).flatMap((name) => {
    const file = join(folder, name);
    const found = attempt(file, () => {
      const key = name.slice(0, -ending.length);
      if (!name.endsWith(ending) || !partKey.test(key)) throw new Error(`it must be called KEY${ending}`);
      return { part, key, source: trimEnd(unixLines(readFileSync(file, 'utf8'))) };
    });
    return found ?? [];
  });
}

/** The last line end is the file's, not the text's. */
function trimEnd(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}
