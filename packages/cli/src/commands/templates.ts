import type { Carillon, Template } from '@carillon/client';
import type { AddCommand } from '../catalogue.ts';
import type { Cli } from '../cli.ts';
import { CommandError, exitCodes } from '../failure.ts';
import { pageSize, positiveInteger, takeRows } from '../options.ts';
import { plain } from '../terminal/plain.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';
import { confirm } from '../terminal/prompt.ts';
import type { TemplateSet } from '../template-files/template-source.ts';
import type { Column } from '../terminal/table.ts';

/** `carillon templates` */
export const addTemplates: AddCommand = (program, cli) => {
  const templates = program
    .command('templates')
    .description('keep templates as files, in git: pull them, push what changed');

  templates
    .command('list', { isDefault: true })
    .description('list templates')
    .option('--limit <n>', 'how many', positiveInteger, 50)
    .option('--all', 'all of them')
    .action(async (limits) => {
      const carillon = await cli.connect();
      const rows = carillon.templates.list({ limit: pageSize(limits) });
      await cli.list(
        takeRows(rows, limits, () => cli.note('There are more: --limit or --all')),
        columns,
      );
    });

  templates
    .command('pull')
    .description('write the templates, partials and layouts of the organization into a directory')
    .argument('[dir]', 'the directory', 'templates')
    .option('--with-system', 'also those that came with Carillon')
    .option('-y, --yes', 'do not ask before files that differ are overwritten')
    .action((dir, options) => pull(cli, dir, { withSystem: false, yes: false, ...options }));

  templates
    .command('push')
    .description('make what a directory says: shows a plan and asks first; only what differs is touched')
    .argument('[dir]', 'the directory', 'templates')
    .option('--dry-run', 'only show the plan')
    .option('--check', 'only look: ends with 6 when something differs')
    .option('--draft', 'leave new versions unpublished')
    .option('--prune', 'delete what the directory does not have')
    .option('-y, --yes', 'do not ask')
    .action((dir, options) => push(cli, dir, options));
};

const columns: readonly Column<Template>[] = [
  { title: 'KEY', text: ({ key }) => key },
  { title: 'NAME', text: ({ name }) => name, isFlexible: true },
  { title: 'CATEGORY', text: ({ category }) => category },
  { title: 'PUBLISHED', text: ({ published_version: version }) => (version === null ? '' : String(version)) },
  { title: 'LATEST', text: ({ latest_version: version }) => (version === null ? '' : String(version)) },
  { title: 'STATE', text: stateOf },
];

function stateOf({ paused_at: pausedAt, enabled, published_version: version }: Template): string {
  if (pausedAt !== null) return 'paused';
  if (!enabled) return 'off';
  return version === null ? 'draft' : 'on';
}

function progressOf(cli: Cli, label: string): (total: number) => Progress {
  return (total) => createProgress(cli.stderr, { label, total, isQuiet: cli.isJson() });
}

async function pull(
  cli: Cli,
  dir: string,
  { withSystem, yes }: { withSystem: boolean; yes: boolean },
): Promise<void> {
  const { loadRemote } = await import('../template-files/load-remote.ts');
  const { planFiles, writeFiles } = await import('../template-files/write-files.ts');
  const remote = await loadRemote(await cli.connect(), {
    needsTexts: ({ source }) => withSystem || source !== 'system',
    progress: progressOf(cli, 'Reading'),
  });
  const templates = remote.templates.flatMap(({ key, settings, published, draft }) => {
    const sources = (published ?? draft)?.sources;
    return sources === undefined ? [] : [{ key, settings, sources }];
  });
  const changes = planFiles(dir, { templates, parts: remote.parts });
  const lost = changes.filter(({ action }) => action !== 'create');
  if (lost.length > 0 && !yes) {
    for (const { action, file } of lost) cli.note(`${action === 'delete' ? '-' : '~'} ${file}`);
    if (!(await confirm(cli, `Overwrite ${lost.length} files?`))) return cli.note('Nothing was written');
  }
  writeFiles(dir, changes);
  return cli.show(
    { dir, templates: templates.length, parts: remote.parts.length, changes: changes.map(withoutText) },
    [
      ...changes.map(({ action, file }) => plain(`${signOf[action]} ${file}`)),
      `${templates.length} templates and ${remote.parts.length} parts are in ${dir}; ${changes.length} files were written`,
    ],
  );
}

const signOf = { create: '+', update: '~', delete: '-' } as const;

function withoutText({ action, file }: { action: string; file: string }): object {
  return { action, file };
}

interface PushOptions {
  dryRun?: true | undefined;
  check?: true | undefined;
  draft?: true | undefined;
  prune?: true | undefined;
  yes?: true | undefined;
}

async function push(cli: Cli, dir: string, options: PushOptions): Promise<void> {
  const { readTemplateFiles } = await import('../template-files/read-files.ts');
  const { renderPlan, documentOf } = await import('../template-files/render-plan.ts');
  const local = readTemplateFiles(dir);
  const carillon = await cli.connect();
  const plan = await loadPlan(cli, carillon, local, options);
  const lines = renderPlan(plan, cli.paint);
  const isDone = plan.changes.length === 0;
  if (isDone || options.dryRun === true || options.check === true) {
    cli.show({ ...documentOf(plan), applied: false }, lines);
    if (isDone || options.check !== true) return undefined;
    throw new CommandError(
      exitCodes.differs,
      'cli.differs',
      `${changesOf(plan.changes.length)} between here and ${dir}`,
    );
  }
  for (const line of lines) cli.note(line);
  if (options.yes !== true && !(await confirm(cli, `Make ${changesOf(plan.changes.length)}?`))) {
    return cli.note('Nothing was changed');
  }
  const { applyPlan } = await import('../template-files/apply-plan.ts');
  const progress = progressOf(cli, 'Pushing')(plan.changes.length);
  try {
    await applyPlan(carillon, plan.changes, progress);
  } finally {
    progress.end();
  }
  return cli.show({ ...documentOf(plan), applied: true }, `Made ${changesOf(plan.changes.length)}`);
}

function changesOf(count: number): string {
  return count === 1 ? 'one change' : `${count} changes`;
}

async function loadPlan(cli: Cli, carillon: Carillon, local: TemplateSet, { draft, prune }: PushOptions) {
  const { loadRemote } = await import('../template-files/load-remote.ts');
  const { planPush } = await import('../template-files/plan.ts');
  const keys = new Set(local.templates.map(({ key }) => key));
  const remote = await loadRemote(carillon, {
    needsTexts: ({ key }) => keys.has(key),
    progress: progressOf(cli, 'Comparing'),
  });
  return planPush(local, remote, { draft: draft === true, prune: prune === true });
}
