import {
  buildAdapterDeps,
  buildMessage,
  httpStatuses,
  startWebhookReceiver,
  type AdapterHarness,
  type AdapterStage,
  type NamedAnswer,
  type WebhookAnswer,
  type WebhookReceiver,
} from '@carillon/testkit';
import { createWebhookAdapter } from '../src/webhook/send.ts';

/** An answer, or what makes it when a request has come in. */
type Answering = Parameters<WebhookReceiver['answerWith']>[0];

const deps = buildAdapterDeps();

const status = (code: number): NamedAnswer<Answering> => ({
  name: `status ${code}`,
  answer: { type: 'status', status: code },
});
const waiting = (code: number, retryAfter: string): WebhookAnswer => ({
  type: 'status',
  status: code,
  headers: { 'retry-after': retryAfter },
});

/** What the battery asks of webhooks in one format, which differ in how a receiver tells a repetition and in their limit. */
export function webhookHarness(format: {
  secret: string;
  settings: Record<string, unknown>;
  keyHeader: string;
  bodyBytesMax: number;
}): AdapterHarness<Answering> {
  const { secret } = format;
  return {
    async stage(): Promise<AdapterStage<Answering>> {
      const receiver = await startWebhookReceiver({ secret });
      return {
        adapter: createWebhookAdapter(deps),
        request: {
          message: buildMessage(),
          target: { settings: { url: receiver.url, secret, ...format.settings }, address: undefined },
        },
        answerWith: (answer) => receiver.answerWith(answer),
        arrivedKeys: () => receiver.arrivals.map(({ headers }) => headers[format.keyHeader] ?? ''),
        reached: (count) => receiver.waitFor(({ arrivals }) => arrivals.length >= count, 10_000),
        stop: () => receiver.stop(),
      };
    },
    sent: [
      ...httpStatuses.sent.map(status),
      { name: '200 and a reset', answer: { type: 'reset', afterStatus: 200 } },
    ],
    rejected: httpStatuses.rejected.map(status),
    retried: [...httpStatuses.retried.map(status), { name: 'a reset', answer: { type: 'reset' } }],
    retriedAfter: [
      { name: 'status 429 with seconds', answer: waiting(429, '120'), afterMs: 120_000 },
      { name: 'status 503 with seconds', answer: waiting(503, '7'), afterMs: 7_000 },
      {
        name: 'status 503 with a date',
        answer: () => waiting(503, new Date(deps.clock.now().getTime() + 3_600_000).toUTCString()),
        afterMs: 3_600_000,
      },
      { name: 'status 429 with a year', answer: waiting(429, '31536000'), afterMs: 24 * 60 * 60 * 1_000 },
    ],
    silent: { type: 'never' },
    oversized: [
      { name: 'a body of 1 GB', answer: { type: 'huge_body', status: 200, bytes: 1024 ** 3 } },
      { name: 'a gzip bomb', answer: { type: 'gzip_bomb', status: 200, bytes: 50 * 1024 * 1024 } },
      { name: 'a dripping body', answer: { type: 'slow_drip', status: 200, everyMs: 50 } },
      { name: 'a header without end', answer: { type: 'endless_headers' } },
    ],
    tooLarge: (request) => ({
      ...request,
      message: buildMessage({ notification: { data: { text: 'x'.repeat(format.bodyBytesMax) } } }),
    }),
    secrets: [secret, secret.slice(6)],
  };
}
