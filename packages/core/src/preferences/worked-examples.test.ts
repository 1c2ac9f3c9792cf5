import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { resolveQuiet } from '../quiet-hours/resolve-quiet.ts';
import { quietModes, type QuietMode, type QuietWindow } from '../quiet-hours/quiet-window.ts';
import { channelKinds, type ChannelKind } from '../vocabulary.ts';
import type { PreferenceRow } from './preference-row.ts';
import { resolvePreference, type TemplatePreferenceRow } from './resolve-preference.ts';

const page = await readFile(new URL('../../../../docs/preferences.md', import.meta.url), 'utf8');

/** The rows of one table, each by the words of its head. */
type Table = Record<string, string>[];
interface Example {
  title: string;
  tables: Table[];
}

/** Each chapter of the document whose heading begins with "Example". */
function readExamples(): Example[] {
  return page
    .split(/^(?=##)/m)
    .filter((chapter) => chapter.startsWith('### Example: '))
    .map((chapter) => ({
      title: chapter.slice('### Example: '.length, chapter.indexOf('\n')),
      tables: [...chapter.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) => readTable(table)),
    }));
}

function readTable(text: string): Table {
  const [head = [], , ...rows] = text
    .trim()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ''])));
}

/** Throws for a word that is none of the list: a typing error must not be read as something else. */
function oneOf<Word extends string>(words: readonly Word[], text: string | undefined): Word {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new Error(`${text} is none of ${words.join(', ')}`);
  return found;
}
const choice = (text: string | undefined) =>
  ({ on: true, off: false, '–': undefined })[oneOf(['on', 'off', '–'], text)];
const yes = (text: string | undefined) => oneOf(['yes', 'no'], text) === 'yes';
const anyOr = (text = '') => (text === 'any' || text === 'none' ? '' : text);
const kindOf = (text: string | undefined): ChannelKind => oneOf(channelKinds, text);
const kindOrAny = (text: string | undefined) => (text === 'any' ? '' : kindOf(text));
const modeOf = (text: string | undefined): QuietMode | undefined =>
  text === '–' ? undefined : oneOf(quietModes, text);
const instantOf = (text: string | undefined) => new Date(`${text?.replace(' ', 'T')}:00.000Z`);

const windowShape = /^(\d\d:\d\d)–(\d\d:\d\d)(?: ([A-Z]\S+))?(?: on ([1-7](?:, [1-7])*))?$/;
/** `22:00–07:00 Europe/Berlin on 5, 6`; zone and weekdays may be left out. */
function windowOf(text: string | undefined, userZone: string): QuietWindow | undefined {
  if (text === undefined || text === '–') return undefined;
  const match = windowShape.exec(text);
  if (match === null) throw new Error(`${text} is no window`);
  const [, start = '', end = '', zone = userZone, days] = match;
  return { start, end, zone, days: days?.split(', ').map(Number) };
}

/** What an example says of a user and an organization, in the shapes that core takes. */
function settingOf({ tables }: Example) {
  const withHead = (...names: string[]): Table =>
    tables.filter(([first]) => names.every((name) => first?.[name] !== undefined)).flat();
  const user = new Map(withHead('user', 'value').map((row) => [row['user'], row['value']]));
  const zone = user.get('zone') ?? 'UTC';
  const muted = user.get('muted until');
  return {
    rows: withHead('preference').map((row): PreferenceRow => ({
      ...{ id: `preference ${row['preference']}`, category: anyOr(row['category']) },
      ...{ environment: anyOr(row['environment']), project: anyOr(row['project']) },
      ...{ kind: kindOrAny(row['kind']), enabled: choice(row['wanted']) },
      ...{ window: windowOf(row['quiet hours'], zone), mode: modeOf(row['quiet mode']) },
    })),
    templateRows: withHead('template preference').map((row): TemplatePreferenceRow => ({
      ...{ id: `template preference ${row['template preference']}`, templateId: row['template'] ?? '' },
      ...{ kind: kindOrAny(row['kind']), enabled: choice(row['wanted']) === true },
    })),
    categories: new Map(withHead('category', 'mandatory', 'quiet mode').map((row) => [row['category'], row])),
    templates: new Map(withHead('template', 'category', 'mandatory').map((row) => [row['template'], row])),
    userWindow: windowOf(user.get('quiet hours'), zone),
    userForbidsUrgent: user.get('urgent passes') === 'no',
    muteUntil: muted === undefined ? undefined : instantOf(muted),
    wanted: withHead('reaches'),
    quiet: withHead('sent at (UTC)'),
  };
}
type Setting = ReturnType<typeof settingOf>;

function scopeOf(row: Record<string, string>) {
  const { category = '', environment, project } = row;
  return { category, environment: anyOr(environment), project: anyOr(project) };
}

function isMandatory({ categories, templates }: Setting, row: Record<string, string>): boolean {
  const says = [categories.get(row['category']), templates.get(row['template'])];
  return says.some((one) => one !== undefined && yes(one['mandatory']));
}

/** The answer of core to a row of the document, in the words of the document. */
function reaches(setting: Setting, row: Record<string, string>) {
  const { rows, templateRows, categories, templates } = setting;
  const template = templates.get(row['template']);
  const defaultOf = (one: Record<string, string> | undefined) => choice(one?.['wanted by default'] ?? '–');
  const { enabled, layer, rowId } = resolvePreference(
    {
      ...{ rows, templateRows, scope: scopeOf(row), mandatory: isMandatory(setting, row) },
      templateId: row['template'] === 'none' ? undefined : row['template'],
      templateDefault: defaultOf(template),
      categoryDefault: defaultOf(categories.get(row['category'])),
    },
    kindOf(row['kind']),
  );
  return { reaches: enabled ? 'yes' : 'no', 'because of': rowId ?? layer.replace('_', ' ') };
}

function waits(setting: Setting, row: Record<string, string>) {
  const { rows, userWindow, userForbidsUrgent, muteUntil, categories } = setting;
  const { mode, until, winner } = resolveQuiet(
    {
      ...{ rows, userWindow, userForbidsUrgent, muteUntil, scope: scopeOf(row), kind: kindOf(row['kind']) },
      ...{ mandatory: isMandatory(setting, row), urgent: yes(row['urgent']) },
      mode: modeOf(categories.get(row['category'])?.['quiet mode'] ?? '–'),
    },
    instantOf(row['sent at (UTC)']),
  );
  return {
    'waits until (UTC)': until?.toISOString().slice(0, 16).replace('T', ' ') ?? '–',
    mode,
    'because of': winner.rowId ?? winner.layer,
  };
}

const examples = readExamples();

describe('the worked examples of docs/preferences.md', () => {
  it('are all read, with each of their answers', () => {
    const answers = examples.map(settingOf).map(({ wanted, quiet }) => wanted.length + quiet.length);
    expect(answers).toEqual([8, 8, 14, 5, 5]);
  });

  it.each(examples)('are what happens: $title', (example) => {
    const setting = settingOf(example);
    expect(setting.wanted.map((row) => ({ ...row, ...reaches(setting, row) }))).toEqual(setting.wanted);
    expect(setting.quiet.map((row) => ({ ...row, ...waits(setting, row) }))).toEqual(setting.quiet);
  });
});
