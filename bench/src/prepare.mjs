import { startSink } from './channels/sink.mjs';
import { readMemory } from './idle.mjs';
import { createRequests } from './load/requests.mjs';
import { openSockets } from './load/sockets.mjs';
import { choosePolicies, publishTemplate, template } from './policy.mjs';
import { say } from './say.mjs';
import { startServers } from './servers.mjs';
import { startSubject } from './subject.mjs';

/** Beside those of the load, with empty inboxes. */
export const watchUsers = 100;

/**
 * Starts the servers, the shipped services and the other side of their sends, and opens a socket for each user.
 *
 * @param {import('./options.mjs').Tier} tier
 * @param {import('./clean-up.mjs').CleanUp} cleanUp
 * @param {string} [profileDir]
 */
export async function prepare(tier, cleanUp, profileDir) {
  say('starting PostgreSQL and Redis');
  const servers = await startServers(say);
  cleanUp.defer(() => servers.stop());
  const sink = await startSink(servers.dir, tier.rounds);
  cleanUp.defer(() => sink.stop());
  say(`starting API and worker; ${tier.users} users, and as many with preferences`);
  const users = Math.max(2 * tier.users, tier.idleSockets / 10) + watchUsers;
  const subject = await startSubject(servers, {
    ...{ users, smtpUrl: sink.smtpUrl },
    ...(profileDir !== undefined && { profileDir }),
  });
  cleanUp.defer(() => subject.stop());
  cleanUp.onFailure(() => console.error(subject.lastLogLines()));
  const start = readMemory(subject);
  const { userIds, userTokens } = subject.seeded;
  const sockets = await openSockets(subject.url, userTokens.slice(0, 2 * tier.users));
  const chosen = userIds.slice(tier.users, 2 * tier.users);
  await choosePolicies(subject, servers.postgres.url, chosen);
  await publishTemplate(subject);
  const requests = createRequests(userIds.slice(0, tier.users), { userIds: chosen, template: template.key });
  return { servers, subject, sink, start, sockets, requests };
}

/** @typedef {Awaited<ReturnType<typeof prepare>>} Prepared */
