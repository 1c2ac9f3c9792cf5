import type { Body, Carillon, FieldProblem } from '@carillon/client';
import { CommandError, toFailure } from '../failure.ts';
import type { Progress } from '../terminal/progress.ts';
import { idOf, type Change } from './plan.ts';
import { nameOf, type TemplateSource } from './template-source.ts';

type TemplateChange = Extract<Change, { thing: 'template'; action: 'create' | 'update' }>;

/**
 * Makes the changes in their order, each once. Throws a CommandError that names the change that was refused, with its
 * file, and how many were made before; they stay, and a repeat of the push goes on from there.
 */
export async function applyPlan(
  carillon: Carillon,
  changes: readonly Change[],
  progress: Progress,
): Promise<void> {
  for (const [index, change] of changes.entries()) {
    try {
      await applyChange(carillon, change);
    } catch (cause) {
      const { error } = toFailure(cause, undefined);
      const places = error.errors.map(
        (one) => `\n${placeOf(change, one.pointer)}${lineOf(one)}: ${one.detail}`,
      );
      const done =
        index === 0 ? 'Nothing was changed.' : `${index} of ${changes.length} changes were made before.`;
      const message = `${titleOf(change)} was refused: ${error.message} ${done}${places.join('')}`;
      throw new CommandError(error.exit_code, error.code, message, cause);
    }
    progress.advance(1);
  }
}

async function applyChange(carillon: Carillon, change: Change): Promise<void> {
  if (change.thing === 'part') {
    const { part, key, source } = change.part;
    if (change.action === 'delete') await carillon.templateParts.delete(part, key);
    else await carillon.templateParts.put(part, key, { source });
  } else if (change.action === 'delete') await carillon.templates.delete(change.key);
  else await applyTemplate(carillon, change);
}

async function applyTemplate(carillon: Carillon, change: TemplateChange): Promise<void> {
  const { template, settings, version } = change;
  const { key } = template;
  if (change.action === 'create') await carillon.templates.create({ key, ...template.settings });
  if (version.step === 'publish') await carillon.templateVersions.publish(key, version.version);
  if (version.step === 'add') {
    const made = await carillon.templateVersions.create(key, template.sources);
    if (version.publish) await carillon.templateVersions.publish(key, made.version);
  }
  // After the texts: what is refused above leaves everything as it was.
  if (change.action === 'update' && settings.length > 0) {
    const fields: Body<'updateTemplate'> = Object.fromEntries(settings.map(({ field, to }) => [field, to]));
    await carillon.templates.update(key, fields);
  }
}

/** What a change is about. */
export function titleOf(change: Change): string {
  if (change.thing === 'part') return idOf(change.part);
  return change.action === 'delete' ? change.key : change.template.key;
}

/** `/variants/1/title` is the title of a file. */
function placeOf(change: Change, pointer = ''): string {
  if (change.thing !== 'template' || change.action === 'delete') return titleOf(change);
  return fileOf(change.template, pointer);
}

/** Lines are those of the text: a file has its front matter above. */
function lineOf({ line, column }: FieldProblem): string {
  return line === undefined ? '' : `, line ${line}, column ${column ?? 1}`;
}

function fileOf({ key, sources }: TemplateSource, pointer: string): string {
  const [, index, rest = ''] = /^\/variants\/(\d+)(.*)$/.exec(pointer) ?? [];
  const variant = index === undefined ? undefined : sources.variants[Number(index)];
  return variant === undefined ? `${key}/template.json ${pointer}` : `${key}/${nameOf(variant)}.md ${rest}`;
}
