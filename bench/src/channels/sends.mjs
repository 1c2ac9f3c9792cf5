import { connectDatabase, insertAccessToken, insertOrganization, upsertUser } from '@carillon/db';
import { createLog, createNewId, hashToken, newToken, tokenLookup, version } from '@carillon/runtime';
import { perNotification, readCounters } from '../counters.mjs';

/**
 * @typedef {import('../subject.mjs').Subject} Subject
 * @typedef {import('./sink.mjs').Sink} Sink
 * @typedef {import('../counters.mjs').CountersPerNotification} CountersPerNotification
 *
 * @typedef {object} Sends what one worker sends to sinks on the same machine; rates of rounds, where they are lists
 * @property {number} webhooks
 * @property {number[]} webhooksPerSecond of those that waited, from the first attempt to the last record
 * @property {number} acceptedWebhooksPerSecond from the first POST to the last record
 * @property {SendCost} webhookCost of the last round
 * @property {number} mails
 * @property {number[]} mailsPerSecond
 * @property {number} acceptedMailsPerSecond
 * @property {SendCost} mailCost
 * @property {number[]} besideDeadPerSecond webhooks that waited, while as many wait for an endpoint that never answers
 * @property {number} deadTries sends that were begun to those endpoints meanwhile
 *
 * @typedef {CountersPerNotification & { sinkUs: number }} SendCost with the CPU time of the other side
 *
 * @typedef {object} Tenant an organization with one webhook or mail channel
 * @property {string} organizationId
 * @property {string} userId
 * @property {string} token
 *
 * @typedef {{ kind: 'webhook' | 'email', settings: object }} Channel
 *
 * @typedef {{ subject: Subject, sink: Sink }} Parts
 *
 * @typedef {{ perSecond: number, cost: SendCost }} Rate
 */

const perRequest = 100;
const requestsAtOnce = 4;
const drainSeconds = (/** @type {number} */ count) => 60 + count / 50;
const log = createLog({ service: 'bench', version, level: 'error' });

/**
 * Sends through the shipped worker: signed webhooks, mails, and webhooks beside endpoints that take connections and
 * never answer. Each kind in an organization of its own; everything is accepted, placed in an inbox, sent and recorded.
 * Once all of it in one go, and in rounds with its kind paused until all is placed: then only sends are left. A round
 * has an endpoint of its own that never answers, because the circuit of the last one is open by then.
 *
 * @param {Subject} subject
 * @param {string} databaseUrl
 * @param {Sink} sink
 * @param {{ webhooks: number, mails: number }} counts
 * @returns {Promise<Sends>}
 */
export async function measureSends(subject, databaseUrl, sink, { webhooks, mails }) {
  const make = (/** @type {Channel} */ channel) => makeTenant(subject, databaseUrl, channel);
  const parts = { subject, sink };
  const [hooked, mailed] = [
    await make({ kind: 'webhook', settings: { url: sink.webhookUrl } }),
    await make({ kind: 'email', settings: {} }),
  ];
  // Compiled code and open connections, as a worker has them after its first minute.
  await sendAccepted(parts, hooked, 2 * webhooks);
  await sendAccepted(parts, mailed, 2 * mails);
  const hookedRun = await sendAccepted(parts, hooked, webhooks);
  const mailedRun = await sendAccepted(parts, mailed, mails);
  /** @type {{ alone: Rate, beside: Rate, mailed: Rate }[]} */
  const rounds = [];
  for (const [index, url] of sink.deadUrls.entries()) {
    const dead = await make({ kind: 'webhook', settings: { url } });
    const isAloneFirst = index % 2 === 0;
    const measure = (/** @type {boolean} */ isAlone) =>
      sendWaiting(parts, isAlone ? [hooked] : [hooked, dead], webhooks);
    const [first, second] = [await measure(isAloneFirst), await measure(!isAloneFirst)];
    await subject.sql.query(`update organizations set paused_at = now() where id = $1`, [
      dead.organizationId,
    ]);
    const [alone, beside] = isAloneFirst ? [first, second] : [second, first];
    rounds.push({ alone, beside, mailed: await sendWaiting(parts, [mailed], mails) });
  }
  const { dead: deadTries, ...counts } = await sink.counts();
  const sent = { webhooks: (3 + 2 * rounds.length) * webhooks, mails: (3 + rounds.length) * mails };
  if (counts.webhooks < sent.webhooks || counts.mails < sent.mails || counts.unsigned > 0)
    throw new Error(`${JSON.stringify(sent)} were sent, but the sink has ${JSON.stringify(counts)}`);
  const last = rounds.at(-1);
  if (last === undefined || deadTries === 0)
    throw new Error('Nothing was sent to an endpoint that never answers');
  const ratesOf = (/** @type {'alone' | 'beside' | 'mailed'} */ name) =>
    rounds.map((round) => round[name].perSecond);
  return {
    ...{ webhooks, webhooksPerSecond: ratesOf('alone'), webhookCost: last.alone.cost },
    ...{ mails, mailsPerSecond: ratesOf('mailed'), mailCost: last.mailed.cost },
    acceptedWebhooksPerSecond: hookedRun.perSecond,
    acceptedMailsPerSecond: mailedRun.perSecond,
    ...{ besideDeadPerSecond: ratesOf('beside'), deadTries },
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
 * @param {Parts} parts
 * @param {Tenant} tenant
 * @param {number} count
 * @returns {Promise<Rate>}
 */
function sendAccepted(parts, tenant, count) {
  return untilSent(parts, tenant, count, () => post(parts.subject, tenant, count));
}

/**
 * Lets as many of each tenant wait and releases them; measures from the start of the first attempt of the first tenant
 * until its last is recorded as sent.
 *
 * @param {Parts} parts
 * @param {[Tenant, ...Tenant[]]} tenants
 * @param {number} count
 * @returns {Promise<Rate>}
 */
async function sendWaiting(parts, tenants, count) {
  const { subject } = parts;
  const pause = (/** @type {string[]} */ channels) =>
    Promise.all(tenants.map(({ token }) => call(subject.url, token, '/v1/paused', { channels }, 'PUT')));
  await pause(['webhook', 'email']);
  for (const tenant of tenants) await post(subject, tenant, count);
  await placed(subject.sql, tenants, performance.now() + drainSeconds(count) * 1000);
  const { cost } = await untilSent(parts, tenants[0], count, () => pause([]));
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
 * @param {Parts} parts
 * @param {Tenant} tenant
 * @param {number} count
 * @param {() => Promise<unknown>} start
 * @returns {Promise<Rate>}
 */
async function untilSent({ subject, sink }, tenant, count, start) {
  const { sql } = subject;
  const [sentBefore, sinkBefore] = [await countSent(sql, tenant), await sink.counts()];
  const before = await readCounters(subject);
  const startMs = performance.now();
  await start();
  const isOver = await settled(sql, tenant, startMs + drainSeconds(count) * 1000);
  const perSecond = (count / (performance.now() - startMs)) * 1000;
  const sinkUs = ((await sink.counts()).cpuUs - sinkBefore.cpuUs) / count;
  const cost = { ...perNotification(before, await readCounters(subject), count), sinkUs };
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
