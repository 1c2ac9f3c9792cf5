import { connectDatabase, insertAccessToken, insertOrganization, upsertUser } from '@carillon/db';
import { createLog, createNewId, hashToken, newToken, tokenLookup, version } from '@carillon/runtime';
import { perNotification, readCounters } from '../counters.mjs';

/**
 * @typedef {import('../subject.mjs').Subject} Subject
 * @typedef {import('./sink.mjs').Sink} Sink
 * @typedef {import('../counters.mjs').CountersPerNotification} CountersPerNotification
 *
 * @typedef {object} Sends what one worker sends to sinks on the same machine
 * @property {number} webhooks
 * @property {number} webhooksPerSecond of those that waited, from the first attempt to the last record
 * @property {number} acceptedWebhooksPerSecond from the first POST to the last record
 * @property {CountersPerNotification} webhookCost
 * @property {number} mails
 * @property {number} mailsPerSecond
 * @property {number} acceptedMailsPerSecond
 * @property {CountersPerNotification} mailCost
 * @property {number} besideDeadPerSecond webhooks that waited, while as many wait for an endpoint that never answers
 * @property {number} deadTries sends that were begun to that endpoint meanwhile
 *
 * @typedef {object} Tenant an organization with one webhook or mail channel
 * @property {string} organizationId
 * @property {string} userId
 * @property {string} token
 *
 * @typedef {{ kind: 'webhook' | 'email', settings: object }} Channel
 *
 * @typedef {{ perSecond: number, cost: CountersPerNotification }} Rate
 */

const perRequest = 100;
const requestsAtOnce = 4;
const drainSeconds = (/** @type {number} */ count) => 60 + count / 50;
const log = createLog({ service: 'bench', version, level: 'error' });

/**
 * Sends through the shipped worker: signed webhooks, mails, and webhooks beside an endpoint that takes connections and
 * never answers. Each kind in an organization of its own; everything is accepted, placed in an inbox, sent and recorded.
 * Once all of it in one go, and once with its kind paused until all is placed: then only sends are left.
 *
 * @param {Subject} subject
 * @param {string} databaseUrl
 * @param {Sink} sink
 * @param {{ webhooks: number, mails: number }} counts
 * @returns {Promise<Sends>}
 */
export async function measureSends(subject, databaseUrl, sink, { webhooks, mails }) {
  const make = (/** @type {Channel} */ channel) => makeTenant(subject, databaseUrl, channel);
  const [hooked, mailed, alive, dead] = [
    await make({ kind: 'webhook', settings: { url: sink.webhookUrl } }),
    await make({ kind: 'email', settings: {} }),
    await make({ kind: 'webhook', settings: { url: sink.webhookUrl } }),
    await make({ kind: 'webhook', settings: { url: sink.deadUrl } }),
  ];
  // Compiled code and open connections, as a worker has them after its first minute.
  await sendAccepted(subject, hooked, 2_000);
  await sendAccepted(subject, mailed, 1_000);
  const hookedRun = await sendAccepted(subject, hooked, webhooks);
  const mailedRun = await sendAccepted(subject, mailed, mails);
  const hookedWaiting = await sendWaiting(subject, [hooked], webhooks);
  const mailedWaiting = await sendWaiting(subject, [mailed], mails);
  const before = await sink.counts();
  const { perSecond: besideDeadPerSecond } = await sendWaiting(subject, [alive, dead], webhooks);
  const after = await sink.counts();
  const sent = { webhooks: 2_000 + 3 * webhooks, mails: 1_000 + 2 * mails };
  if (after.webhooks < sent.webhooks || after.mails < sent.mails || after.unsigned > 0)
    throw new Error(`${JSON.stringify(sent)} were sent, but the sink has ${JSON.stringify(after)}`);
  const deadTries = after.dead - before.dead;
  if (deadTries === 0) throw new Error('Nothing was sent to the endpoint that never answers');
  await subject.sql.query(`update organizations set paused_at = now() where id = $1`, [dead.organizationId]);
  return {
    ...{ webhooks, webhooksPerSecond: hookedWaiting.perSecond, webhookCost: hookedWaiting.cost },
    ...{ mails, mailsPerSecond: mailedWaiting.perSecond, mailCost: mailedWaiting.cost },
    acceptedWebhooksPerSecond: hookedRun.perSecond,
    acceptedMailsPerSecond: mailedRun.perSecond,
    ...{ besideDeadPerSecond, deadTries },
  };
}

/**
 * @param {Subject} subject
 * @param {string} databaseUrl
 * @param {Channel} channel
 * @returns {Promise<Tenant>}
 */
async function makeTenant({ url }, databaseUrl, channel) {
  const { db, stop } = connectDatabase({ url: databaseUrl, log, name: 'bench-tenant' });
  const newId = createNewId();
  const id = /** @returns {any} */ () => newId();
  const [organizationId, userId] = [id(), id()];
  const token = newToken();
  try {
    await insertOrganization(db, {
      ...{ id: organizationId, slug: `sends-${organizationId}`, name: 'Sends', paused: false },
    });
    const fields = /** @type {const} */ ({
      externalId: 'sends',
      role: 'admin',
      email: 'sends@bench.example',
    });
    const { user } = await upsertUser(db, { id: userId, organizationId, fields });
    await insertAccessToken(db, {
      ...{ id: id(), organizationId, userId: user.id, operator: false, name: 'bench', scopes: [] },
      ...{ lookup: tokenLookup(token), hash: hashToken(token), expiresInSeconds: undefined },
    });
  } finally {
    await stop();
  }
  await call(url, token, '/v1/channels', { ...channel, name: 'Sends' });
  return { organizationId, userId, token };
}

/**
 * From the first POST until the last of them is recorded as sent.
 *
 * @param {Subject} subject
 * @param {Tenant} tenant
 * @param {number} count
 * @returns {Promise<Rate>}
 */
function sendAccepted(subject, tenant, count) {
  return untilSent(subject, tenant, count, () => post(subject, tenant, count));
}

/**
 * Lets as many of each tenant wait and releases them; measures from the start of the first attempt of the first tenant
 * until its last is recorded as sent.
 *
 * @param {Subject} subject
 * @param {[Tenant, ...Tenant[]]} tenants
 * @param {number} count
 * @returns {Promise<Rate>}
 */
async function sendWaiting(subject, tenants, count) {
  const pause = (/** @type {string[]} */ channels) =>
    Promise.all(tenants.map(({ token }) => call(subject.url, token, '/v1/paused', { channels }, 'PUT')));
  await pause(['webhook', 'email']);
  for (const tenant of tenants) await post(subject, tenant, count);
  await placed(subject.sql, tenants, performance.now() + drainSeconds(count) * 1000);
  const { cost } = await untilSent(subject, tenants[0], count, () => pause([]));
  const { rows } = await subject.sql.query(
    `select extract(epoch from max(d.settled_at) - min(a.started_at))::float8 as seconds
     from (select id, settled_at from deliveries where organization_id = $1 order by settled_at desc limit $2) d
     join attempts a on a.delivery_id = d.id`,
    [tenants[0].organizationId, count],
  );
  return { cost, perSecond: count / rows[0].seconds };
}

/**
 * From `start` until so many more of a tenant are recorded as sent, and nothing of it is on its way.
 *
 * @param {Subject} subject
 * @param {Tenant} tenant
 * @param {number} count
 * @param {() => Promise<unknown>} start
 * @returns {Promise<Rate>}
 */
async function untilSent(subject, tenant, count, start) {
  const { sql } = subject;
  const sentBefore = await countSent(sql, tenant);
  const before = await readCounters(subject);
  const startMs = performance.now();
  await start();
  const isOver = await settled(sql, tenant, startMs + drainSeconds(count) * 1000);
  const perSecond = (count / (performance.now() - startMs)) * 1000;
  const cost = perNotification(before, await readCounters(subject), count);
  const sent = (await countSent(sql, tenant)) - sentBefore;
  if (isOver && sent === count) return { perSecond, cost };
  const { rows } = await sql.query(
    `select kind, state, reason, count(*)::int from deliveries where organization_id = $1 group by 1, 2, 3`,
    [tenant.organizationId],
  );
  throw new Error(`Of ${count} sends ${sent} are recorded: ${JSON.stringify(rows)}`);
}

/**
 * @param {import('pg').Pool} sql
 * @param {readonly Tenant[]} tenants
 * @param {number} deadlineMs
 */
async function placed(sql, tenants, deadlineMs) {
  const ids = tenants.map(({ organizationId }) => organizationId);
  for (;;) {
    const { rows } = await sql.query(
      `select exists (select from notifications where organization_id = any($1) and dispatched_at is null) as waiting`,
      [ids],
    );
    if (rows[0].waiting === false) return;
    if (performance.now() > deadlineMs) throw new Error('Not all was placed in time');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/**
 * Whether nothing of this organization is on its way before the deadline.
 *
 * @param {import('pg').Pool} sql
 * @param {Tenant} tenant
 * @param {number} deadlineMs
 */
async function settled(sql, { organizationId }, deadlineMs) {
  while (performance.now() < deadlineMs) {
    const { rows } = await sql.query(
      `select exists (select from notifications where organization_id = $1 and dispatched_at is null)
         or exists (select from deliveries where organization_id = $1 and state = 'pending')
         or exists (select from deliveries where organization_id = $1 and state = 'sending') as waiting`,
      [organizationId],
    );
    if (rows[0].waiting === false) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}

/**
 * @param {import('pg').Pool} sql
 * @param {Tenant} tenant
 * @returns {Promise<number>}
 */
async function countSent(sql, { organizationId }) {
  const { rows } = await sql.query(
    `select count(*)::int as sent from deliveries where organization_id = $1 and state = 'sent'`,
    [organizationId],
  );
  return rows[0].sent;
}

/**
 * @param {Subject} subject
 * @param {Tenant} tenant
 * @param {number} count
 */
async function post({ url }, { userId, token }, count) {
  let left = Math.ceil(count / perRequest);
  const one = { to: [userId], title: 'Backup finished', body: 'All **twelve** databases are safe.' };
  const body = { notifications: Array.from({ length: perRequest }, () => one) };
  const loop = async () => {
    for (left -= 1; left >= 0; left -= 1) await call(url, token, '/v1/notifications/batch', body);
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, loop));
}

/**
 * @param {string} url
 * @param {string} token
 * @param {string} path
 * @param {object} body
 * @param {string} [method]
 */
async function call(url, token, path, body, method = 'POST') {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
}
