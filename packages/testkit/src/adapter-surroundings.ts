import { setTimeout as sleep } from 'node:timers/promises';
import type { AdapterDeps, Message, MessageNotification } from '@carillon/channels';
import type { Log, NotificationId } from '@carillon/core';

/** A rendered message as an adapter gets it, with what a test cares about changed. */
export function buildMessage(
  changes: Partial<Omit<Message, 'notification'>> & { notification?: Partial<MessageNotification> } = {},
): Message {
  const { notification, ...texts } = changes;
  return {
    title: 'Build 7 failed',
    text: 'The build of main failed in step test.',
    html: '<p>The build of <strong>main</strong> failed in step test.</p>',
    ...texts,
    notification: {
      id: '01890a5d-ac96-774b-bcce-b302099a8001' as NotificationId,
      organization_id: '01890a5d-ac96-774b-bcce-b302099a8002',
      recipient: { id: '01890a5d-ac96-774b-bcce-b302099a8003', external_id: 'ada' },
      title: 'Build 7 failed',
      body: 'The build of **main** failed in step test.',
      category: 'builds',
      urgent: false,
      url: 'https://ci.example.org/builds/7',
      icon: null,
      actions: [{ label: 'See the log', url: '/builds/7/log' }],
      data: { build: 7 },
      created_at: '2026-01-15T09:30:00.000Z',
      ...notification,
    },
  };
}

/** Surroundings of an adapter: real clock and timer, no log, loopback opened. */
export function buildAdapterDeps(changes: Partial<AdapterDeps> = {}): AdapterDeps {
  return {
    log: silentLog,
    clock: { now: () => new Date() },
    sleep: (durationMs, signal) => sleep(durationMs, undefined, { signal }),
    version: '1.2.3',
    egressAllow: ['127.0.0.0/8'],
    smtpUrl: undefined,
    mailFrom: 'Carillon <carillon@example.org>',
    publicUrl: 'https://carillon.example.org',
    unsubscribeToken: ({ userId, kind, category }) => `${userId}_${kind}_${category}`,
    ...changes,
  };
}

/** A log that nobody reads. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};
