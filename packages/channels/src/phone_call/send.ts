import type { Adapter, AdapterDeps } from '../adapter.ts';
import { settingsReader } from '../settings-reader.ts';
import { statusCallbackOf, twilioCall, type TwilioField } from '../twilio/call.ts';
import { createVendorAdapter } from '../vendor-call.ts';
import { composeCall, languageOf, languageUsual } from './compose.ts';
import { phoneCallSettings } from './schema.ts';

const readSettings = settingsReader(phoneCallSettings);
const ringSecondsUsual = 30;

/**
 * Calls telephones through Twilio's Calls resource and says the message. Sent means that Twilio took the call; whether
 * somebody answered comes later, by the status callback. A call that was begun and not answered by Twilio ends as `unknown`.
 */
export function createPhoneCallAdapter(deps: AdapterDeps): Adapter {
  return createVendorAdapter(deps, (request) => {
    const { message, target } = request;
    const settings = readSettings(target.settings);
    if (settings === undefined) return { refused: 'channel settings are not valid' };
    if (target.address === undefined) return { refused: 'the recipient has no telephone number' };
    const locale = message.details?.recipient.locale;
    const twiml = composeCall(message, languageOf(locale, settings.language ?? languageUsual));
    if (twiml === undefined) return { refused: 'there is nothing to say' };
    const callback = statusCallbackOf(deps, settings, request);
    return twilioCall(settings, {
      resource: 'Calls',
      fields: [
        ['To', target.address],
        ['From', settings.from ?? ''],
        ['Twiml', twiml],
        ['Timeout', String(settings.ring_seconds ?? ringSecondsUsual)],
        ...(callback === undefined ? [] : callbackFields(callback)),
      ],
    });
  });
}

/** `answered` comes while somebody listens, `completed` when the call is over, however it ended. */
function callbackFields(callback: string): TwilioField[] {
  return [
    ['StatusCallback', callback],
    ['StatusCallbackEvent', 'answered'],
    ['StatusCallbackEvent', 'completed'],
  ];
}
