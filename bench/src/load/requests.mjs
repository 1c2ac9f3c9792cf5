/**
 * The requests of one run, numbered from 0 in the order of their making; an item's title ends in its number.
 *
 * @typedef {object} Requests
 * @property {RequestKind} single
 * @property {RequestKind} batch
 * @property {RequestKind} singleByTemplate for users of whom each chose something, as the next
 * @property {RequestKind} batchByTemplate
 *
 * @typedef {object} RequestKind
 * @property {string} path
 * @property {'GET' | 'POST'} [method] POST unless told
 * @property {number} [answer] the status that is meant to come; 202 unless told
 * @property {number} items notifications that each request creates
 * @property {() => { body: string, key?: string, path?: string, firstItem: number }} next an empty body is none; a path of its own wins
 *
 * @typedef {(number: number) => string} WriteItem the JSON of one item
 */

export const batchItems = 100;
const runId = crypto.randomUUID();

/**
 * @param {readonly string[]} userIds recipients in turn
 * @param {{ userIds: readonly string[], template: string }} [chosen] recipients of what comes from a template
 * @returns {Requests}
 */
export function createRequests(userIds, chosen = { userIds, template: '' }) {
  let items = 0;
  // By hand, because serialising what differs in two places would cost the client more than sending it.
  /** @type {WriteItem} */
  const plain = (number) =>
    `{"to":["${userIds[number % userIds.length]}"],"title":"Backup finished ${number}","body":"All **twelve** databases of the east region are safe, nothing has to be done.","category":"backups","data":{"databases":12}}`;
  /** @type {WriteItem} */
  const byTemplate = (number) =>
    `{"to":["${chosen.userIds[number % chosen.userIds.length]}"],"template":"${chosen.template}","data":{"number":${number},"databases":12,"region":"the east region","hint":""}}`;
  const make = (/** @type {number} */ count, /** @type {WriteItem} */ write) => {
    const firstItem = items;
    items += count;
    const bodies = Array.from({ length: count }, (_, index) => write(firstItem + index));
    const key = `${runId}-${firstItem}`;
    return {
      firstItem,
      key,
      body: count === 1 ? bodies.join('') : `{"notifications":[${bodies.join(',')}]}`,
    };
  };
  const single = (/** @type {WriteItem} */ write) => ({
    ...{ path: '/v1/notifications', items: 1, next: () => make(1, write) },
  });
  const batch = (/** @type {WriteItem} */ write) => ({
    ...{ path: '/v1/notifications/batch', items: batchItems, next: () => make(batchItems, write) },
  });
  return {
    ...{ single: single(plain), batch: batch(plain) },
    ...{ singleByTemplate: single(byTemplate), batchByTemplate: batch(byTemplate) },
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
