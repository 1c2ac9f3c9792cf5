import { perNotification, readCounters } from './counters.mjs';
import { closedLoop, openLoop } from './load/loops.mjs';
import { latenciesOf } from './statistics.mjs';

/**
 * @typedef {import('./subject.mjs').Subject} Subject
 * @typedef {import('./load/sockets.mjs').Sockets} Sockets
 * @typedef {import('./load/requests.mjs').RequestKind} RequestKind
 *
 * @typedef {object} EndToEnd
 * @property {number} accepted notifications
 * @property {number} acceptedPerSecond while the clients sent
 * @property {number} perSecond POST → row → placed and null delivery recorded → socket frame, the last one included
 * @property {import('./statistics.mjs').Latencies} ackMs
 * @property {import('./statistics.mjs').Latencies} endToEndMs from the POST to the frame
 * @property {import('./counters.mjs').CountersPerNotification} counters
 */

/** What is still on its way after so long is lost. */
const drainMs = 30_000;

/**
 * Sends for a while, waits until each accepted notification has arrived on a socket and its delivery is
 * recorded, and says what that cost. With `perSecond` requests come at that rate, else as fast as answers do.
 * Throws when something is lost, doubled or refused.
 *
 * @param {Subject} subject
 * @param {Sockets} sockets
 * @param {RequestKind} kind
 * @param {{ connections: number, durationMs: number, perSecond?: number }} load
 * @returns {Promise<EndToEnd>}
 */
export async function measureEndToEnd(subject, sockets, kind, { connections, durationMs, perSecond }) {
  const placedBefore = sockets.placed();
  const before = await readCounters(subject);
  const startMs = performance.now();
  const options = {
    ...kind,
    ...{ connections, durationMs, token: subject.seeded.senderToken },
    onSend: (/** @type {{ firstItem: number }} */ { firstItem }, /** @type {number} */ sentAtMs) => {
      for (let item = firstItem; item < firstItem + kind.items; item += 1) sockets.expect(item, sentAtMs);
    },
  };
  const sent =
    perSecond === undefined
      ? await closedLoop(subject.url, options)
      : await openLoop(subject.url, { ...options, perSecond });
  const accepted = sent.answered * kind.items;
  await sockets.arrived(placedBefore + accepted, drainMs);
  await recorded(subject);
  const seconds = (performance.now() - startMs) / 1000;
  const after = await readCounters(subject);
  const placed = sockets.placed() - placedBefore;
  if (placed !== accepted) throw new Error(`${accepted} were accepted, but ${placed} arrived on sockets`);
  return {
    accepted,
    acceptedPerSecond: (accepted / sent.sendingMs) * 1000,
    perSecond: accepted / seconds,
    ackMs: latenciesOf(sent.ackMs),
    endToEndMs: latenciesOf(sockets.takeLatenciesMs()),
    counters: perNotification(before, after, accepted),
  };
}

/**
 * Resolves when no delivery is on its way.
 *
 * @param {Subject} subject
 */
async function recorded({ sql, seeded }) {
  const deadlineMs = performance.now() + drainMs;
  for (;;) {
    const { rows } = await sql.query(
      `select exists (select from deliveries where state = 'pending' and organization_id = $1)
         or exists (select from deliveries where state = 'sending') as waiting`,
      [seeded.organizationId],
    );
    if (rows[0].waiting === false) return;
    if (performance.now() > deadlineMs) {
      const left = await sql.query(
        'select state, reason, count(*)::int from deliveries where organization_id = $1 group by 1, 2',
        [seeded.organizationId],
      );
      throw new Error(
        `After ${drainMs / 1000} s deliveries are still on their way: ${JSON.stringify(left.rows)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/**
 * Compares, at the end of a run, what was accepted with what became of it. Throws unless accepted = rows =
 * placed rows = deliveries sent = items announced on sockets, none of them twice.
 *
 * @param {Subject} subject
 * @param {Sockets} sockets
 * @param {number} accepted
 */
export async function checkNothingLost({ sql, seeded }, sockets, accepted) {
  const { rows } = await sql.query(
    `select (select count(*)::int from notifications where organization_id = $1) as rows,
       (select count(*)::int from notifications where organization_id = $1 and inbox_at is not null) as placed,
       (select count(*)::int from deliveries where organization_id = $1 and state = 'sent') as sent,
       (select count(*)::int from deliveries where organization_id = $1) as deliveries`,
    [seeded.organizationId],
  );
  const counts = { ...rows[0], announced: sockets.placed(), doubled: sockets.doubled() };
  const wanted = { rows: accepted, placed: accepted, sent: accepted, deliveries: accepted };
  const isRight = Object.entries({ ...wanted, announced: accepted, doubled: 0 }).every(
    ([name, count]) => counts[name] === count,
  );
  const faults = sockets.faults();
  if (isRight && faults.length === 0) return;
  throw new Error(
    `${accepted} were accepted, but ${JSON.stringify(counts)}; ${faults.length} faults ${faults[0] ?? ''}`,
  );
}
