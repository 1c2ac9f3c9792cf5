import { createContentCache, renderNotification } from '@carillon/core';
import { cpuUsOfEach } from './cpu-time.mjs';

const rendersPerRound = 50_000;
/** The render thread gets batches: contents in them are copies, so each batch looks its template up by its text. */
const batchOf = 100;

const content = {
  title: 'Backup of {{region}} finished',
  body: 'All **{{count}}** databases of {{region}} are safe, {{checked_by}} checked them in {{minutes}} minutes.',
};

/**
 * Requests to be rendered: one template of a title and a body with four variables, other data each time.
 *
 * @param {number} count
 * @returns {import('@carillon/core').RenderRequest[]}
 */
export function renderSamples(count) {
  const context = {
    user: { name: 'Ada Lovelace', email: 'ada@example.org', locale: 'en-GB', zone: 'Europe/London' },
    organization: { name: 'Example', locale: 'en', zone: 'UTC' },
  };
  let copy = { ...content };
  return Array.from({ length: count }, (_, number) => {
    if (number % batchOf === 0) copy = { ...content };
    const data = {
      ...{ region: `eu-west-${number % 7}`, count: 12 + number, checked_by: `Robot *${number}*` },
      minutes: number % 60,
    };
    return { content: copy, data, context };
  });
}

/**
 * Notifications rendered per second of CPU time, a value per round. Everything is compiled.
 *
 * @param {number} rounds
 * @returns {number[]}
 */
export function measureRendering(rounds) {
  const cache = createContentCache({ countMax: 100, bytesMax: 1_000_000 });
  const samples = renderSamples(10 * batchOf);
  let failed = 0;
  const figures = cpuUsOfEach({ times: rendersPerRound, rounds }, (index) => {
    const sample = samples[index % samples.length];
    if (sample === undefined || renderNotification(cache, sample).outcome !== 'rendered') failed += 1;
  });
  if (failed > 0) throw new Error(`${failed} notifications could not be rendered`);
  return figures.map((cpuUs) => 1_000_000 / cpuUs);
}
