import { refused, type Inbound } from '../inbound.ts';
import { settingsReader } from '../settings-reader.ts';
import { readTwilioCallback, type ReadTwilioForm } from '../twilio/inbound.ts';
import { smsSettings } from './schema.ts';

const readSettings = settingsReader(smsSettings);

/** Status callbacks of Twilio's Messages resource. Gateways have no callbacks in common. */
export const smsInbound: Inbound = {
  async read(request, stored) {
    const settings = readSettings(stored);
    if (settings?.provider !== 'twilio') {
      return refused(
        'not_set_up',
        'Callbacks of text messages come from Twilio only, and this channel is no channel of Twilio',
      );
    }
    return readTwilioCallback(request, settings, readMessageStatus);
  },
};

/** Twilio's errors of messages that were taken and did not arrive ("Error and warning dictionary"). */
const failures: Readonly<Record<string, string>> = {
  30003: 'the telephone is switched off or out of reach',
  30004: 'the receiver or its carrier blocks messages of this sender',
  30005: 'the number does not exist, or is out of service',
  30006: 'the number is a landline, or its carrier takes no messages',
  30007: 'the carrier took it for spam',
  30008: 'the carrier gave no reason',
};
/** Of which the number is at fault, for good. */
const badNumbers = new Set(['30005', '30006']);

const readMessageStatus: ReadTwilioForm = (form) => {
  const providerId = form.get('MessageSid') ?? undefined;
  switch (form.get('MessageStatus')) {
    case 'delivered':
      return { feedback: 'delivered', providerId };
    case 'read':
      return { feedback: 'opened', providerId };
    case 'undelivered':
    case 'failed': {
      const code = form.get('ErrorCode') ?? '';
      const reason = `${failures[code] ?? 'it was not delivered'}${code === '' ? '' : ` (error ${code})`}`;
      const badAddress = badNumbers.has(code) ? (form.get('To') ?? undefined) : undefined;
      return { feedback: 'bounced', reason, providerId, badAddress };
    }
    default:
      return undefined;
  }
};
