import type { Adapter, AdapterDeps, SendRequest } from '../adapter.ts';
import { settingsReader } from '../settings-reader.ts';
import { createVendorAdapter, textOf, type VendorCall, type VendorWords } from '../vendor-call.ts';
import { apiUrl } from '../vendor-settings.ts';
import { composeSms } from './compose.ts';
import { smsSettings, twilioBaseUrl, type SmsSettings } from './schema.ts';

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
  return createVendorAdapter(deps, ({ message, target }: SendRequest): Plan => {
    const settings = readSettings(target.settings);
    if (settings === undefined) return { refused: 'channel settings are not valid' };
    if (target.address === undefined) return { refused: 'the recipient has no telephone number' };
    const text = composeSms(message, deps.publicUrl, settings.segments_max ?? segmentsUsual);
    if (text === '') return { refused: 'nothing of the message fits' };
    const sms = { to: target.address, text };
    return settings.provider === 'twilio' ? twilioCall(settings, sms) : gatewayCall(settings, sms);
  });
}

/** "Create a Message" of Twilio's Programmable Messaging, with HTTP basic authentication. */
function twilioCall(settings: SmsSettings, { to, text }: Sms): Plan {
  const { account_sid: account, auth_token: token, messaging_service_sid: service, from } = settings;
  if (account === undefined || token === undefined)
    return { refused: 'account_sid or auth_token is missing' };
  const sender = service === undefined ? { From: from ?? '' } : { MessagingServiceSid: service };
  const credentials = Buffer.from(`${settings.api_key_sid ?? account}:${token}`).toString('base64');
  return {
    url: apiUrl(settings.base_url ?? twilioBaseUrl, `/2010-04-01/Accounts/${account}/Messages.json`),
    headers: { 'content-type': formType, authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ To: to, ...sender, Body: text }).toString(),
    secrets: [token, credentials],
    onlyOnce: true,
    read: readTwilio,
  };
}

function readTwilio(body: Readonly<Record<string, unknown>> | undefined): VendorWords {
  const sid = textOf(body?.['sid']);
  if (sid !== undefined) return { providerId: sid };
  if (body === undefined) return { failed: 'retry', said: 'the answer is not one of Twilio' };
  const code = typeof body['code'] === 'number' ? ` (error ${body['code']})` : '';
  return { failed: 'reject', said: `${textOf(body['message']) ?? 'no reason given'}${code}` };
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
