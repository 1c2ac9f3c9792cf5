import { catalogue } from '@carillon/channels/catalogue';
import {
  InvalidError,
  TargetFailedError,
  TooManyError,
  type ChannelId,
  type ContactPointId,
} from '@carillon/core';
import {
  getContactPoint,
  inOrganization,
  insertChannelTest,
  listContactPoints,
  loadChannelTestOutcome,
  lockChannel,
  type ChannelRecord,
  type ChannelTestOutcome,
  type Database,
} from '@carillon/db';
import { sleep } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import { checkAddress } from './contact-points.ts';

/** How long a caller waits for the target; a worker begins no test that is older. */
const waitMs = 10_000;
/** The worker's part of it: what it writes down then is still read. */
const sendWithinMs = 9_500;
const pollEveryMs = 100;
const perMinuteMax = 10;

/** To whom a test goes; neither for kinds that take no address. */
export interface TestTarget {
  contactPointId?: ContactPointId | undefined;
  address?: string | undefined;
  /** Where neither is named: to the caller's own address of the kind. */
  orOwn?: boolean;
}

/**
 * Lets a worker send a test message through a channel, enabled or not, and waits for what the target
 * says. The API itself never sends; the two meet in PostgreSQL, so this works without Redis too.
 * Throws NotFoundError, InvalidError for a wrong address, TooManyError past ten tests a minute, and
 * TargetFailedError for every end but `sent` and `captured`.
 */
export async function testChannel(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'clock' | 'log'>,
  caller: UserCaller,
  channelId: ChannelId,
  target: TestTarget,
): Promise<TakenTest> {
  const { organizationId } = caller.user;
  const id = deps.newId();
  const startedMs = deps.clock.monotonicMs();
  await inOrganization(deps.db, organizationId, async (db) => {
    const channel = await lockChannel(db, organizationId, channelId);
    const address = await addressOf(db, caller, channel, target);
    const test = { id, organizationId, channelId, requestedBy: caller.user.id, address };
    const { retryAfterMs } = await insertChannelTest(db, { ...test, withinMs: sendWithinMs }, perMinuteMax);
    if (retryAfterMs === undefined) return;
    const message = `A channel may be tested ${perMinuteMax} times a minute`;
    throw new TooManyError('rate.limited', message, { retryAfterMs });
  });
  for (;;) {
    const outcome = await inOrganization(deps.db, organizationId, (db) =>
      loadChannelTestOutcome(db, organizationId, id),
    );
    const isOver = deps.clock.monotonicMs() - startedMs > waitMs;
    if (outcome === undefined && !isOver) {
      await sleep(pollEveryMs);
      continue;
    }
    deps.log.info({
      ...{ event: 'channel.tested', channelId, testId: id, callerId: caller.id },
      outcome: outcome?.outcome ?? 'unanswered',
    });
    return asTaken(outcome);
  }
}

/** A test that went well: taken by its target, or kept back by an installation on trial. */
export type TakenTest = Omit<ChannelTestOutcome, 'outcome'> & { outcome: 'sent' | 'captured' };

function asTaken(outcome: ChannelTestOutcome | undefined): TakenTest {
  if (outcome?.outcome === 'sent' || outcome?.outcome === 'captured') {
    return { ...outcome, outcome: outcome.outcome };
  }
  const said = outcome?.reason ?? `no answer within ${waitMs / 1000} seconds`;
  const status = outcome?.statusCode == null ? '' : ` (status ${outcome.statusCode})`;
  throw new TargetFailedError('target.failed', `The test was not taken: ${said}${status}`.slice(0, 2_000));
}

async function addressOf(
  db: Database,
  caller: UserCaller,
  { kind, organization_id: organizationId }: ChannelRecord,
  { contactPointId, address, orOwn = false }: TestTarget,
): Promise<string | undefined> {
  const isAddressed = catalogue[kind].contactPoint !== undefined;
  if (contactPointId !== undefined) {
    const point = await getContactPoint(db, organizationId, contactPointId);
    if (isAddressed && point.kind === kind) return point.address;
    throw wrongAddress('/contact_point_id', `must be a contact point of the kind ${kind}`);
  }
  if (address === undefined) {
    if (!isAddressed) return undefined;
    const own = orOwn ? await ownAddress(db, caller, kind) : undefined;
    if (own !== undefined) return own;
    const why = orOwn ? ', and you have none of your own' : '';
    throw wrongAddress('/address', `is required: the kind ${kind} sends to addresses${why}`);
  }
  checkAddress(kind, address);
  return address;
}

/** One that works as far as is known; a verified one before others. */
async function ownAddress(
  db: Database,
  { user }: UserCaller,
  kind: ChannelRecord['kind'],
): Promise<string | undefined> {
  const points = await listContactPoints(db, user.organizationId, user.id);
  const usable = points.filter((point) => point.kind === kind && point.bad_reason === null);
  return (usable.find((point) => point.verified_at !== null) ?? usable[0])?.address;
}

function wrongAddress(pointer: string, detail: string): InvalidError {
  return new InvalidError('contact_point.address_invalid', `${pointer}: ${detail}`, {
    errors: [{ pointer, detail }],
  });
}
