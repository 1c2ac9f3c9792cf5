import { callbackUrl } from '../callback-url.ts';
import type { SendRequest } from '../adapter.ts';
import { textOf, type VendorCall, type VendorWords } from '../vendor-call.ts';
import { apiUrl } from '../vendor-settings.ts';
import { signingTokenOf, type TwilioAccount } from './signature.ts';
import { twilioBaseUrl } from './settings.ts';

/** Name and value; a name may stand several times. */
export type TwilioField = [string, string];

/** A resource of an account that takes posts, and what is posted. */
export interface TwilioPost {
  resource: 'Messages' | 'Calls';
  fields: readonly TwilioField[];
}

/**
 * One call of Twilio's API 2010-04-01, with HTTP basic authentication, made only once: messages and calls are charged,
 * and Twilio knows no key for repetitions.
 */
export function twilioCall(
  settings: TwilioAccount & { base_url?: string },
  { resource, fields }: TwilioPost,
): VendorCall | { refused: string } {
  const { account_sid: account, auth_token: token } = settings;
  if (account === undefined || token === undefined)
    return { refused: 'account_sid or auth_token is missing' };
  const credentials = Buffer.from(`${settings.api_key_sid ?? account}:${token}`).toString('base64');
  return {
    url: apiUrl(settings.base_url ?? twilioBaseUrl, `/2010-04-01/Accounts/${account}/${resource}.json`),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${credentials}`,
    },
    body: new URLSearchParams([...fields]).toString(),
    secrets: [token, credentials],
    onlyOnce: true,
    read: readTwilio,
  };
}

/** Where Twilio tells what became of this delivery; nothing where it could not, or nobody could check who tells it. */
export function statusCallbackOf(
  deps: { publicUrl: string },
  settings: TwilioAccount,
  { deliveryId, target }: Pick<SendRequest, 'deliveryId' | 'target'>,
): string | undefined {
  if (signingTokenOf(settings) === undefined) return undefined;
  return callbackUrl(deps.publicUrl, target.channelId, deliveryId);
}

/**
 * Errors by which this number is never reached so: no valid number (21211, 21217), none that can be called (13224,
 * 21214), no mobile number (21614). Who answered STOP (21610) may answer START: that marks nothing.
 */
const badNumberErrors = new Set([13_224, 21_211, 21_214, 21_217, 21_614]);

function readTwilio(body: Readonly<Record<string, unknown>> | undefined): VendorWords {
  const sid = textOf(body?.['sid']);
  if (sid !== undefined) return { providerId: sid };
  if (body === undefined) return { failed: 'retry', said: 'the answer is not one of Twilio' };
  const code = body['code'];
  const number = typeof code === 'number' ? ` (error ${code})` : '';
  const said = `${textOf(body['message']) ?? 'no reason given'}${number}`;
  const isBad = typeof code === 'number' && badNumberErrors.has(code);
  return { failed: 'reject', said, ...(isBad && { address: 'bad' as const }) };
}
