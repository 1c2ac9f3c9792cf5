import type { Adapter, AdapterDeps, SendRequest, SendResult } from './adapter.ts';
import { outcomeOfAnswer } from './http-outcome.ts';
import { createHttpDoor, type HttpAnswer, type HttpDoor } from './http.ts';
import { isRecord, parseJson } from './json-values.ts';
import { cutText } from './message-text.ts';
import { retryAfterMaxMs } from './retry-after.ts';

export { recordOf, textOf } from './json-values.ts';

/** What the body of a vendor's answer says, where the status does not say it. */
export interface VendorWords {
  /** The vendor's own id of the message. */
  providerId?: string | undefined;
  /** Why it did not take it, in its own words. */
  said?: string | undefined;
  /** How long it asks to wait. */
  afterMs?: number | undefined;
  /** That a status of success was none. */
  failed?: 'retry' | 'reject' | undefined;
  /** What the answer says of the address itself, where it is final: that it does not work, or is no more. */
  address?: 'bad' | 'gone' | undefined;
}

/** One call that hands a message to a vendor. */
export interface VendorCall {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
  /** Parts of the call that no reason may repeat. */
  secrets: readonly string[];
  /** Reads the body of the answer: as an object, undefined where it is no JSON object, and as it is. */
  read(body: Readonly<Record<string, unknown>> | undefined, text: string): VendorWords;
  /** A second message would be worse than none: a call that was begun and not answered is not made again. */
  onlyOnce?: true;
}

const saidCharsMax = 300;
const lostReason = 'the connection was lost or the time was over before the endpoint answered';

/**
 * An adapter that makes one call of a vendor's HTTP API per message. `plan` makes the call, or says why there is none.
 * Each call names the delivery in `X-Carillon-Delivery`.
 */
export function createVendorAdapter(
  deps: AdapterDeps,
  plan: (request: SendRequest) => VendorCall | { refused: string },
): Adapter {
  const door = createHttpDoor(deps);
  return {
    async send(request) {
      const call = plan(request);
      if ('refused' in call) return { outcome: 'reject', reason: call.refused };
      return callVendor(deps, door, call, request);
    },
    stop: () => door.stop(),
  };
}

/** Makes one call through a door, and judges the answer by its status and the vendor's words. */
export async function callVendor(
  deps: Pick<AdapterDeps, 'clock' | 'version'>,
  door: HttpDoor,
  call: VendorCall,
  { deliveryId, signal }: Pick<SendRequest, 'deliveryId' | 'signal'>,
): Promise<SendResult> {
  const { url, body } = call;
  const headers = {
    'user-agent': `Carillon/${deps.version}`,
    'x-carillon-delivery': deliveryId,
    ...call.headers,
  };
  if (call.onlyOnce !== true) {
    return readAnswer(call, await door.post({ url, headers, body, signal }), deps.clock.now());
  }
  let isBegun = false;
  const onSending = (): void => void (isBegun = true);
  const answer = await door.post({ url, headers, body, signal, onSending });
  if (!answer.reached && isBegun) return { outcome: 'unknown', reason: lostReason };
  return readAnswer(call, answer, deps.clock.now());
}

function readAnswer(call: VendorCall, answer: HttpAnswer, now: Date): SendResult {
  const result = outcomeOfAnswer(answer, now);
  if (!answer.reached) return result;
  const { statusCode } = answer;
  const words = call.read(jsonObject(answer.body), answer.body);
  if (result.outcome === 'sent' && words.failed === undefined) {
    const { providerId } = words;
    return providerId === undefined ? result : { ...result, providerId };
  }
  const outcome = result.outcome === 'sent' ? (words.failed ?? 'reject') : result.outcome;
  const reason = withWords(
    'reason' in result ? result.reason : `endpoint answered ${statusCode}`,
    call,
    words,
  );
  if (outcome === 'reject') {
    return {
      outcome,
      reason,
      statusCode,
      ...(words.address === undefined ? {} : { address: words.address }),
    };
  }
  const waits = ['afterMs' in result ? result.afterMs : undefined, words.afterMs].filter(
    (wait) => wait !== undefined,
  );
  const afterMs = waits.length === 0 ? {} : { afterMs: Math.min(Math.max(...waits), retryAfterMaxMs) };
  return { outcome, reason, statusCode, ...afterMs };
}

/** The vendor's words are shown to people, so they are one short line without a secret. */
function withWords(reason: string, { secrets }: VendorCall, { said }: VendorWords): string {
  if (said === undefined || said === '') return reason;
  const line = said.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  const clean = secrets.reduce((text, secret) => text.replaceAll(secret, '(secret)'), line);
  return `${reason}: ${cutText(clean, saidCharsMax)}`;
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  const value = parseJson(text);
  return isRecord(value) ? value : undefined;
}

/** A wait that an answer names in seconds, in milliseconds. */
export function secondsMs(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? Math.ceil(value * 1_000) : undefined;
}
