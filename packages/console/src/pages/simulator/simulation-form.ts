import type { Body } from '@carillon/client';
import { readJsonObject } from '../templates/json-text.ts';
import { instantAt } from './instant.ts';

/** What the form of the simulator holds. */
export interface SimulationForm {
  to: string;
  /** Whether a template says the words. */
  by: 'words' | 'template';
  title: string;
  body: string;
  category: string;
  template: string;
  data: string;
  urgent: boolean;
  environment: string;
  project: string;
  /** On the wall of `zone`, as a field for date and time gives it; empty for now. */
  wall: string;
  zone: string;
}

export const emptyForm: SimulationForm = {
  ...{ to: '', by: 'words', title: 'Disk is filling up', body: '', category: '', template: '', data: '{}' },
  ...{ urgent: false, environment: '', project: '', wall: '', zone: '' },
};

export type ReadForm =
  | { wish: Body<'createSimulation'>; wrong?: undefined; jumped: string | undefined }
  | { wrong: Partial<Record<keyof SimulationForm, string>>; wish?: undefined };

/**
 * The call that a form stands for, or what is wrong by field. `jumped` tells where the chosen time does not exist:
 * what the clock shows instead.
 */
export function readForm(form: SimulationForm): ReadForm {
  const wrong: Partial<Record<keyof SimulationForm, string>> = {};
  if (form.to.trim() === '') wrong.to = 'whom?';
  const at = form.wall === '' ? undefined : instantAt(form.wall, form.zone);
  if (form.wall !== '' && at === undefined) wrong.zone = 'is no time zone, for example Europe/Berlin';
  const words = form.by === 'words' ? readWords(form) : readTemplate(form);
  Object.assign(wrong, words.wrong);
  if (words.wish === undefined || Object.keys(wrong).length > 0) return { wrong };
  const recipients = form.to.split(/[\s,]+/).filter((one) => one !== '');
  const when = at === undefined ? {} : { at: at.at.toISOString() };
  return {
    wish: { to: recipients, ...words.wish, ...partOf(form), ...when },
    jumped: at !== undefined && at.shows !== form.wall ? at.shows : undefined,
  };
}

function partOf({ environment, project, urgent }: SimulationForm) {
  return {
    ...(urgent && { urgent }),
    ...(environment.trim() !== '' && { environment: environment.trim() }),
    ...(project.trim() !== '' && { project: project.trim() }),
  };
}

type Words = Pick<Body<'createSimulation'>, 'title' | 'body' | 'category' | 'template' | 'data'>;
type ReadWords = { wish?: Words; wrong?: Partial<Record<keyof SimulationForm, string>> };

function readWords({ title, body, category }: SimulationForm): ReadWords {
  if (title.trim() === '') return { wrong: { title: 'must say something' } };
  return {
    wish: {
      title: title.trim(),
      ...(body !== '' && { body }),
      ...(category.trim() !== '' && { category: category.trim() }),
    },
  };
}

function readTemplate({ template, data }: SimulationForm): ReadWords {
  const read = readJsonObject(data);
  const wrong = {
    ...(template === '' && { template: 'which one?' }),
    ...('wrong' in read && { data: read.wrong }),
  };
  if ('wrong' in read || template === '') return { wrong };
  return { wish: { template, data: read.value } };
}
