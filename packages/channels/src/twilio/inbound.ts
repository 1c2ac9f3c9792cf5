import { deliveryParameter } from '../callback-url.ts';
import {
  asDeliveryId,
  refused,
  type InboundEvent,
  type InboundReading,
  type InboundRequest,
} from '../inbound.ts';
import { isSignedByTwilio, signingTokenOf, type TwilioAccount } from './signature.ts';

/** What a form of Twilio says of the delivery that its address names; undefined where that is nothing yet. */
export type ReadTwilioForm = (
  form: URLSearchParams,
) => Omit<Extract<InboundEvent, { type: 'feedback' }>, 'type' | 'deliveryId'> | undefined;

/**
 * A status callback of Twilio, whose signature covers the address too: so the delivery that our address names is
 * as certain as the form.
 */
export function readTwilioCallback(
  { url, headers, body }: InboundRequest,
  settings: TwilioAccount,
  readForm: ReadTwilioForm,
): InboundReading {
  const token = signingTokenOf(settings);
  if (token === undefined) {
    return refused(
      'not_set_up',
      'The channel has no signing_token, by which callbacks of Twilio are checked',
    );
  }
  const signature = headers['x-twilio-signature'];
  if (signature === undefined) return refused('unsigned', 'The header X-Twilio-Signature is missing');
  const form = new URLSearchParams(body);
  if (!isSignedByTwilio(token, signature, { url, form })) {
    return refused(
      'forged',
      `X-Twilio-Signature is not that of this account for ${withoutQuery(url)}: compare signing_token or auth_token of the channel with the Auth Token of the account, and CARILLON_PUBLIC_URL with the address that Twilio calls`,
    );
  }
  const deliveryId = asDeliveryId(new URL(url).searchParams.get(deliveryParameter));
  const told = deliveryId === undefined ? undefined : readForm(form);
  return {
    outcome: 'read',
    events: deliveryId === undefined || told === undefined ? [] : [{ type: 'feedback', deliveryId, ...told }],
  };
}

function withoutQuery(url: string): string {
  return url.split('?', 1)[0] ?? '';
}
