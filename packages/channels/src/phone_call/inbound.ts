import { refused, type Inbound } from '../inbound.ts';
import { settingsReader } from '../settings-reader.ts';
import { readTwilioCallback, type ReadTwilioForm } from '../twilio/inbound.ts';
import { phoneCallSettings } from './schema.ts';

const readSettings = settingsReader(phoneCallSettings);

/** Status callbacks of Twilio's Calls resource: whether somebody answered. */
export const phoneCallInbound: Inbound = {
  async read(request, stored) {
    const settings = readSettings(stored);
    if (settings === undefined) return refused('not_set_up', 'The settings of the channel are not valid');
    return readTwilioCallback(request, settings, readCallStatus);
  },
};

/** Answers of the telephone network (RFC 3261 section 21) by which a number leads to nobody, for good. */
const nobodyThere = new Set(['404', '410', '484', '604']);

const readCallStatus: ReadTwilioForm = (form) => {
  const providerId = form.get('CallSid') ?? undefined;
  switch (form.get('CallStatus')) {
    case 'in-progress':
    case 'completed':
      return { feedback: 'answered', providerId };
    case 'busy':
      return { feedback: 'unanswered', reason: 'the line was busy', providerId };
    case 'no-answer':
      return { feedback: 'unanswered', reason: 'nobody answered', providerId };
    case 'canceled':
      return { feedback: 'unanswered', reason: 'the call was ended before anybody answered', providerId };
    case 'failed': {
      const code = form.get('SipResponseCode') ?? '';
      const reason = `the number could not be called${code === '' ? '' : ` (SIP ${code})`}`;
      const badAddress = nobodyThere.has(code) ? (form.get('To') ?? undefined) : undefined;
      return { feedback: 'bounced', reason, providerId, badAddress };
    }
    default:
      return undefined;
  }
};
