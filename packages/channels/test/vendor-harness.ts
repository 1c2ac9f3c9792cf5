import {
  buildAdapterDeps,
  buildMessage,
  httpStatuses,
  startWebhookReceiver,
  type AdapterHarness,
  type AdapterStage,
  type NamedAnswer,
  type WebhookAnswer,
  type WebhookArrival,
} from '@carillon/testkit';
import type { Adapter, CreateAdapter, Target } from '../src/adapter.ts';

/** An answer of the vendor, whatever it was asked; `taken` is its answer to a call that has the published shape. */
export type VendorAnswering = WebhookAnswer | 'taken';

/** A vendor's API as its documentation describes it. */
export interface Vendor {
  create: CreateAdapter;
  /** Settings and address by which the vendor at this base address is reached. */
  target(baseUrl: string): Target;
  /** What is wrong with a call by the vendor's documentation; undefined when it is taken. */
  check(call: WebhookArrival): string | undefined;
  /** The vendor's answer to what it takes, and to what it does not, in its own words. */
  taken: { status: number; body: unknown };
  refused(status: number, words: string): unknown;
  /** Answers that ask for a wait, besides `Retry-After`. */
  waits: readonly { name: string; answer: WebhookAnswer; afterMs: number }[];
  /** Further answers that are final, or are tried again. */
  rejected?: readonly { name: string; answer: WebhookAnswer }[];
  retried?: readonly { name: string; answer: WebhookAnswer }[];
  /** Whether 200 without the vendor's own words is success, because the status is all that the vendor says. */
  statusIsAll?: boolean;
  /** What a lost connection ends as; other kinds try again. */
  lost?: 'unknown';
  secrets: readonly string[];
}

/** A vendor that runs on a loopback port: calls that do not have the published shape get its 400, with why. */
export async function startVendor(vendor: Vendor) {
  const receiver = await startWebhookReceiver();
  const take = (call: WebhookArrival): WebhookAnswer => {
    const wrong = vendor.check(call);
    return wrong === undefined
      ? json(vendor.taken.status, vendor.taken.body)
      : json(400, vendor.refused(400, wrong));
  };
  receiver.answerWith(take);
  const baseUrl = `http://127.0.0.1:${receiver.port}`;
  return {
    ...{ receiver, baseUrl, target: vendor.target(baseUrl) },
    answerWith: (answer: VendorAnswering) => receiver.answerWith(answer === 'taken' ? take : answer),
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): WebhookAnswer {
  return {
    ...{ type: 'status', status, headers: { 'content-type': 'application/json', ...headers } },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** What the battery asks of a kind that makes one call of a vendor's HTTP API. */
export function vendorHarness(vendor: Vendor): AdapterHarness<VendorAnswering> {
  const words = 'it is not so';
  const statuses = (codes: readonly number[]): NamedAnswer<VendorAnswering>[] =>
    codes.map((code) => ({ name: `status ${code}`, answer: json(code, vendor.refused(code, words)) }));
  const bare: WebhookAnswer = { type: 'status', status: 200, body: '<html>' };
  const reset: NamedAnswer<VendorAnswering> = { name: 'a reset', answer: { type: 'reset' } };
  const html = { name: '200 of something else', answer: bare };
  return {
    async stage(): Promise<AdapterStage<VendorAnswering>> {
      const { receiver, target, answerWith } = await startVendor(vendor);
      const adapter: Adapter = vendor.create(buildAdapterDeps());
      return {
        ...{ adapter, request: { message: buildMessage(), target }, answerWith },
        arrivedKeys: () => receiver.arrivals.map(({ headers }) => headers['x-carillon-delivery'] ?? ''),
        reached: (count) => receiver.waitFor(({ arrivals }) => arrivals.length >= count, 10_000),
        stop: () => receiver.stop(),
      };
    },
    sent: [
      { name: 'a call of the published shape', answer: 'taken' },
      ...(vendor.statusIsAll
        ? [html, { name: '204', answer: { type: 'status' as const, status: 204 } }]
        : []),
    ],
    rejected: [...statuses(httpStatuses.rejected), ...(vendor.rejected ?? [])],
    retried: [
      ...statuses(httpStatuses.retried),
      ...(vendor.retried ?? []),
      ...(vendor.statusIsAll ? [] : [html]),
      ...(vendor.lost === undefined ? [reset] : []),
    ],
    retriedAfter: [
      ...vendor.waits,
      {
        name: 'status 429 with seconds',
        answer: json(429, vendor.refused(429, words), { 'retry-after': '120' }),
        afterMs: 120_000,
      },
    ],
    silent: { type: 'never' },
    oversized: [
      { name: 'a body of 1 GB', answer: { type: 'huge_body', status: 200, bytes: 1024 ** 3 } },
      { name: 'a dripping body', answer: { type: 'slow_drip', status: 200, everyMs: 50 } },
    ],
    tooLarge: undefined,
    secrets: vendor.secrets,
  };
}
