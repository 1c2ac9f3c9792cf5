import { refused, type Inbound } from '../inbound.ts';
import { settingsReader } from '../settings-reader.ts';
import { emailSettings } from './schema.ts';
import { readSendGrid } from './sendgrid-events.ts';
import { readSes } from './ses-events.ts';

const readSettings = settingsReader(emailSettings);

/** What became of mails, told by the service through which they went. */
export const emailInbound: Inbound = {
  async read(request, stored, surroundings) {
    const settings = readSettings(stored);
    switch (settings?.events) {
      case 'ses':
        return readSes(request, settings, surroundings);
      case 'sendgrid':
        return readSendGrid(request, settings);
      default:
        return refused(
          'not_set_up',
          'The channel does not say in `events` who may call back about its mails',
        );
    }
  },
};
