/**
 * The requests of one run, numbered from 0 in the order of their making; an item's title ends in its number.
 *
 * @typedef {object} Requests
 * @property {RequestKind} single
 * @property {RequestKind} batch
 *
 * @typedef {object} RequestKind
 * @property {string} path
 * @property {number} items notifications in each request
 * @property {() => { body: string, key: string, firstItem: number }} next
 */

export const batchItems = 100;
const runId = crypto.randomUUID();

/**
 * @param {readonly string[]} userIds recipients in turn
 * @returns {Requests}
 */
export function createRequests(userIds) {
  let items = 0;
  const nextItem = () => {
    const number = items;
    items += 1;
    const to = userIds[number % userIds.length];
    // By hand, because serialising what differs in two places would cost the client more than sending it.
    return `{"to":["${to}"],"title":"Backup finished ${number}","body":"All **twelve** databases of the east region are safe, nothing has to be done.","category":"backups","data":{"databases":12}}`;
  };
  const make = (/** @type {number} */ count) => {
    const firstItem = items;
    const bodies = Array.from({ length: count }, nextItem);
    const key = `${runId}-${firstItem}`;
    return {
      firstItem,
      key,
      body: count === 1 ? bodies.join('') : `{"notifications":[${bodies.join(',')}]}`,
    };
  };
  return {
    single: { path: '/v1/notifications', items: 1, next: () => make(1) },
    batch: { path: '/v1/notifications/batch', items: batchItems, next: () => make(batchItems) },
  };
}

/**
 * The number of an item by its title; NaN for one that is not ours.
 *
 * @param {string} title
 */
export function itemNumber(title) {
  return Number(title.slice(title.lastIndexOf(' ') + 1));
}
