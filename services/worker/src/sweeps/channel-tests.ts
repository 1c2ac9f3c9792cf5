import type { Captured, Message, SendResult } from '@carillon/channels';
import { markdownToHtml, markdownToText, type DeliveryId, type NotificationId } from '@carillon/core';
import {
  claimChannelTests,
  recordChannelTest,
  type ChannelTestOutcome,
  type ClaimedChannelTest,
} from '@carillon/db';
import { sleep, withDeadline } from '@carillon/runtime';
import { renderDetails } from '../delivering/message.ts';
import type { WorkerDeps } from '../deps.ts';

type TestDeps = Pick<WorkerDeps, 'db' | 'sealer' | 'adapters' | 'log'>;

const perRound = 10;
/** How soon another test is looked for while one is under way. */
const pollMs = 250;

/**
 * Sends the tests of channels that callers of the API wait for, each once and through the real
 * adapter, and writes down what its target said. A slow target does not hold up the test of another.
 */
export async function runChannelTests(deps: TestDeps, signal: AbortSignal): Promise<void> {
  const running = new Set<Promise<void>>();
  do {
    for (const test of await claimChannelTests(deps.db, perRound)) {
      const run = runOne(deps, test, signal).finally(() => running.delete(run));
      running.add(run);
    }
    if (running.size > 0) await Promise.race([...running, sleep(pollMs, signal)]);
  } while (running.size > 0 && !signal.aborted);
  await Promise.all(running);
}

/** Never throws: who waits is told that there was no answer. */
async function runOne(deps: TestDeps, test: ClaimedChannelTest, stopping: AbortSignal): Promise<void> {
  const { id: channelId, kind } = test.channel;
  const result = await send(deps, test, stopping);
  try {
    await recordChannelTest(deps.db, test.id, toOutcome(result));
    deps.log.info({ event: 'channel.tested', channelId, testId: test.id, kind, outcome: result.outcome });
  } catch (error) {
    deps.log.warn({ event: 'channel.test_not_recorded', channelId, testId: test.id, kind, error });
  }
}

async function send(
  deps: TestDeps,
  test: ClaimedChannelTest,
  stopping: AbortSignal,
): Promise<SendResult | Captured> {
  const { channel, remainingMs } = test;
  try {
    const sent = deps.adapters[channel.kind].send({
      // The receiver sees a test as a message of its own.
      deliveryId: test.id as DeliveryId,
      message: messageOf(test),
      target: { settings: openSettings(deps, test), address: test.address ?? undefined },
      signal: AbortSignal.any([stopping, AbortSignal.timeout(remainingMs)]),
    });
    return await withDeadline(sent, remainingMs, () => ({
      outcome: 'unknown' as const,
      reason: 'the target did not answer in time',
    }));
  } catch (error) {
    deps.log.error({ event: 'channel.test_failed', channelId: channel.id, kind: channel.kind, error });
    return { outcome: 'retry', reason: 'the test could not be sent; the log of the worker says why' };
  }
}

function toOutcome(result: SendResult | Captured): ChannelTestOutcome {
  return {
    outcome: result.outcome,
    reason: 'reason' in result ? result.reason : null,
    statusCode: ('statusCode' in result ? result.statusCode : undefined) ?? null,
  };
}

function messageOf(test: ClaimedChannelTest): Message {
  const title = `Test of the channel "${test.channel.name}"`;
  const body = 'This is a test message of Carillon. Somebody who looks after this channel asked for it.';
  return {
    ...{ title, text: markdownToText(body), html: markdownToHtml(body) },
    notification: {
      ...{ id: test.id as NotificationId, organization_id: test.organizationId, title, body },
      recipient: { id: test.requestedBy, external_id: test.requestedByExternalId },
      ...{ category: 'channel_test', urgent: false, url: null, icon: null, actions: [], data: {} },
      created_at: test.createdAt.toISOString(),
    },
    // Mandatory: nobody switches a test off by a link in it.
    details: renderDetails(title, {
      ...{ recipient: test.requester, template: null, targets: [], mandatory: true, locale: '' },
    }),
  };
}

function openSettings(
  { sealer }: Pick<WorkerDeps, 'sealer'>,
  { channel, organizationId }: ClaimedChannelTest,
): Record<string, unknown> {
  if (channel.secrets === null) return channel.settings;
  const place = { organizationId, table: 'channels', rowId: channel.id, column: 'secrets' };
  const secrets: unknown = JSON.parse(sealer.open(channel.secrets, place));
  return { ...channel.settings, ...(typeof secrets === 'object' && secrets !== null ? secrets : {}) };
}
