import type { Adapter, AdapterDeps, SendRequest } from '../adapter.ts';
import { settingsReader } from '../settings-reader.ts';
import { statusCallbackOf, twilioCall, type TwilioField } from '../twilio/call.ts';
import { createVendorAdapter, type VendorCall } from '../vendor-call.ts';
import { composeSms } from './compose.ts';
import { smsSettings, type SmsSettings } from './schema.ts';

const readSettings = settingsReader(smsSettings);
const segmentsUsual = 3;
const formType = 'application/x-www-form-urlencoded';

interface Sms {
  to: string;
  text: string;
}
type Plan = VendorCall | { refused: string };

/**
 * Sends text messages through Twilio's Messages resource or a gateway of one's own. Each is charged, so a call that
 * was begun and not answered ends as `unknown`.
 */
export function createSmsAdapter(deps: AdapterDeps): Adapter {
  return createVendorAdapter(deps, (request: SendRequest): Plan => {
    const { message, target } = request;
    const settings = readSettings(target.settings);
    if (settings === undefined) return { refused: 'channel settings are not valid' };
    if (target.address === undefined) return { refused: 'the recipient has no telephone number' };
    const text = composeSms(message, deps.publicUrl, settings.segments_max ?? segmentsUsual);
    if (text === '') return { refused: 'nothing of the message fits' };
    const sms = { to: target.address, text };
    return settings.provider === 'twilio'
      ? twilioMessage(deps, settings, sms, request)
      : gatewayCall(settings, sms);
  });
}

/** "Create a Message" of Twilio's Programmable Messaging. */
function twilioMessage(
  deps: AdapterDeps,
  settings: SmsSettings,
  { to, text }: Sms,
  request: SendRequest,
): Plan {
  const { messaging_service_sid: service, from = '' } = settings;
  const callback = statusCallbackOf(deps, settings, request);
  return twilioCall(settings, {
    resource: 'Messages',
    fields: [
      ['To', to],
      service === undefined ? ['From', from] : ['MessagingServiceSid', service],
      ['Body', text],
      ...(callback === undefined ? [] : [['StatusCallback', callback] satisfies TwilioField]),
    ],
  });
}

function gatewayCall(settings: SmsSettings, { to, text }: Sms): Plan {
  const { gateway_url: url, authorization, from } = settings;
  if (url === undefined) return { refused: 'gateway_url is missing' };
  const fields = {
    [settings.to_field ?? 'to']: to,
    [settings.text_field ?? 'text']: text,
    ...(from === undefined ? {} : { [settings.from_field ?? 'from']: from }),
  };
  const isForm = settings.format === 'form';
  return {
    url,
    headers: {
      'content-type': isForm ? formType : 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: isForm ? new URLSearchParams(fields).toString() : JSON.stringify(fields),
    secrets: [url, ...(authorization === undefined ? [] : [authorization])],
    onlyOnce: true,
    // Gateways have no words in common: the status says all.
    read: () => ({}),
  };
}
