import { batchItems } from '../load/requests.mjs';
import { message, subject } from './side.mjs';

/**
 * @typedef {import('../load/requests.mjs').RequestKind} RequestKind
 *
 * @typedef {(typeof loadNames)[number]} LoadName
 *
 * @typedef {RequestKind & { name: LoadName, connections: number }} ComparedLoad
 */

export const loadNames = /** @type {const} */ (['list', 'single', 'batch']);

/**
 * What an administrator asks of either side. Recipients take turns.
 *
 * @param {Pick<import('./side.mjs').Side, 'recipientIds'>} side
 * @returns {ComparedLoad[]}
 */
export function loadsOf({ recipientIds }) {
  let turn = 0;
  const nextRecipient = () => recipientIds[turn++ % recipientIds.length] ?? '';
  const item = () => ({ recipient: nextRecipient(), subject: `${subject} ${turn}`, message });
  const create = (/** @type {() => object} */ body) => ({
    ...{ path: '/notifications', answer: 200 },
    next: () => ({ body: JSON.stringify(body()), firstItem: 0 }),
  });
  return [
    {
      ...{ name: 'list', connections: 32, method: 'GET', answer: 200, items: 0 },
      path: '/notifications',
      next: () => ({ path: listPath(nextRecipient()), body: '', firstItem: 0 }),
    },
    { name: 'single', connections: 32, items: 1, ...create(item) },
    {
      ...{ name: 'batch', connections: 4, items: batchItems },
      ...create(() => Array.from({ length: batchItems }, item)),
    },
  ];
}

/** @param {string} recipient */
function listPath(recipient) {
  const filter = encodeURIComponent(JSON.stringify({ recipient: { _eq: recipient } }));
  return `/notifications?limit=25&sort=-timestamp&filter=${filter}`;
}
