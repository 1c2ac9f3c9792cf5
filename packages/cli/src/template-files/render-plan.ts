import type { Paint, Tone } from '../terminal/paint.ts';
import { plain } from '../terminal/plain.ts';
import { titleOf } from './apply-plan.ts';
import type { Change, FieldChange, Plan } from './plan.ts';

const signs: Readonly<Record<Change['action'], { sign: string; tone: Tone }>> = {
  create: { sign: '+', tone: 'good' },
  update: { sign: '~', tone: 'warning' },
  delete: { sign: '-', tone: 'bad' },
};

/** A plan as lines: what is made, changed and deleted, and how. */
export function renderPlan({ changes, unchanged }: Plan, paint: Paint): string[] {
  const lines = changes.flatMap((change) => {
    const { sign, tone } = signs[change.action];
    return [
      `${paint(tone, sign)} ${paint('strong', plain(titleOf(change)))}`,
      ...detailsOf(change).map((detail) => `    ${plain(detail)}`),
    ];
  });
  const count = (action: Change['action']): number => changes.filter((one) => one.action === action).length;
  const sums = `${count('create')} to make, ${count('update')} to change, ${count('delete')} to delete, ${unchanged} as they are`;
  return changes.length === 0 ? [`Everything is as the files say (${unchanged}).`] : [...lines, '', sums];
}

function detailsOf(change: Change): string[] {
  if (change.thing === 'part' || change.action === 'delete') return [];
  const { settings, version, template } = change;
  return [
    ...settings.map(shownField),
    ...(version.step === 'publish' ? [`version ${version.version} is published`] : []),
    ...(version.step === 'add' ? version.why : []),
    ...(version.step === 'add'
      ? [
          `a new version with ${textsOf(template.sources.variants.length)}${version.publish ? ', published' : ', as a draft'}`,
        ]
      : []),
  ];
}

function shownField({ field, from, to }: FieldChange): string {
  return `${field}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`;
}

/** The same for programs. */
export function documentOf({ changes, unchanged }: Plan): { changes: object[]; unchanged: number } {
  return {
    unchanged,
    changes: changes.map((change) => {
      const shared = { action: change.action, thing: change.thing, name: titleOf(change) };
      if (change.thing === 'part' || change.action === 'delete') return shared;
      return { ...shared, settings: change.settings, version: change.version };
    }),
  };
}

function textsOf(count: number): string {
  return count === 1 ? 'one text' : `${count} texts`;
}
