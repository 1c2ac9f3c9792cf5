import { planDeliveries } from '@carillon/core';
import { cpuUsOfEach } from './cpu-time.mjs';

/**
 * @typedef {import('@carillon/core').PlanContext} PlanContext
 * @typedef {PlanContext['policy']['user']['rows'][number]} PreferenceRow
 */

const plansPerRound = 10_000;
const anyScope = { category: '', environment: '', project: '' };

/**
 * What somebody sets who cares: some of it about other things, some about this one.
 *
 * @type {(Pick<PreferenceRow, 'category' | 'environment' | 'project' | 'kind'> & Partial<PreferenceRow>)[]}
 */
const choices = [
  { ...anyScope, kind: 'webhook', enabled: true },
  { ...anyScope, category: 'marketing', kind: '', enabled: false },
  { ...anyScope, category: 'backups', kind: '', enabled: true },
  { ...anyScope, category: 'backups', kind: 'email', mode: 'digest' },
  { ...anyScope, category: 'builds', environment: 'test', kind: '', enabled: false },
  { ...anyScope, category: 'builds', environment: 'production', kind: 'email', enabled: true },
  { ...anyScope, category: 'security', kind: '', enabled: true, mode: 'off' },
  { ...anyScope, environment: 'test', kind: '', mode: 'drop' },
  {
    ...{ ...anyScope, category: 'billing', kind: 'email' },
    window: { start: '18:00', end: '09:00', zone: 'Europe/Berlin', days: [1, 2, 3, 4, 5] },
  },
  { ...anyScope, project: 'engine', kind: 'null', enabled: false },
];
const categories = ['backups', 'builds', 'billing', 'general'];
const environments = ['production', 'test'];
const projects = ['engine', 'website', 'store'];

/**
 * What one recipient chose. Each row is written with the same members in the same order, as rows from the
 * database are: objects of many shapes would be slower to read.
 *
 * @param {number} number
 * @returns {PreferenceRow[]}
 */
function preferenceRows(number) {
  return choices.map(({ category, environment, project, kind, enabled, window, mode }, index) => {
    const id = `row-${number}-${index}`;
    return { id, category, environment, project, kind, mode, window, enabled };
  });
}

/**
 * Plans to be made: ten preference rows, quiet hours, a category, three external kinds. Recipients, subjects
 * and instants differ, so that some of it goes out, some is held and some is not wanted.
 *
 * @param {number} count
 * @returns {{ context: PlanContext, now: Date }[]}
 */
export function planSamples(count) {
  const cast = (/** @type {string} */ id) => /** @type {any} */ (id);
  const firstMs = Date.UTC(2026, 2, 2);
  return Array.from({ length: count }, (_, number) => ({
    now: new Date(firstMs + number * 37 * 60_000),
    context: {
      notification: {
        ...{ urgent: number % 16 === 0, kinds: undefined, expiresAt: undefined },
        ...{ cancelled: false, deleted: false, inboxAlways: false },
      },
      user: {
        contactPoints: [
          { id: cast(`mail-${number}`), kind: 'email', badReason: undefined },
          { id: cast(`hook-${number}`), kind: 'webhook', badReason: undefined },
        ],
      },
      channels: [
        { id: cast('email'), kind: 'email', enabled: true, position: 0 },
        { id: cast('webhook'), kind: 'webhook', enabled: true, position: 1 },
        { id: cast('null'), kind: 'null', enabled: true, position: 2 },
      ],
      kindsWithoutContactPoint: new Set(/** @type {const} */ (['null'])),
      policy: {
        userId: cast(`user-${number}`),
        scope: {
          category: categories[number % categories.length] ?? '',
          environment: environments[number % environments.length] ?? '',
          project: projects[number % projects.length] ?? '',
        },
        urgent: number % 16 === 0,
        isReminder: false,
        user: {
          rows: preferenceRows(number),
          templateRows: [],
          window: { start: '22:00', end: '07:00', zone: 'Europe/Berlin', days: null },
          urgentPasses: true,
          muteUntil: undefined,
          zone: 'Europe/Berlin',
        },
        category: { mandatory: false, quietMode: 'hold', defaultEnabled: true },
        template: undefined,
      },
    },
  }));
}

/**
 * CPU µs of one plan, a value per round.
 *
 * @param {number} rounds
 * @returns {number[]}
 */
export function measurePlanning(rounds) {
  const samples = planSamples(256);
  let decisions = 0;
  const figures = cpuUsOfEach({ times: plansPerRound, rounds }, (index) => {
    const sample = samples[index % samples.length];
    if (sample !== undefined) decisions += planDeliveries(sample.context, sample.now).decisions.length;
  });
  const wanted = plansPerRound * (rounds + 1) * 4;
  if (decisions !== wanted) throw new Error(`${decisions} decisions were made, not ${wanted}`);
  return figures;
}
