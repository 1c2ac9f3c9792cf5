import type { FieldError } from '@carillon/core';
import Type, { type Static } from 'typebox';
import type { KindDescription } from '../adapter.ts';
import { parseEgressAllow } from '../egress-policy.ts';
import { isMailAddress, mailAddressLengthMax, parseMailbox } from './mailbox.ts';
import { checkSmtpServer } from './smtp-target.ts';

export const emailSettings = Type.Object(
  {
    smtp_url: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1_024,
        writeOnly: true,
        description: "smtp:// or smtps:// with credentials; the installation's mail server when left out",
      }),
    ),
    from: Type.Optional(
      Type.String({ minLength: 3, maxLength: 320, description: 'Sender: address or Name <address>' }),
    ),
    reply_to: Type.Optional(
      Type.String({
        minLength: 3,
        maxLength: 320,
        description: 'Where answers go: address or Name <address>',
      }),
    ),
  },
  { additionalProperties: false },
);
export type EmailSettings = Static<typeof emailSettings>;

const minute = 60 * 1_000;
const hour = 60 * minute;

/** Mail through an SMTP server: the channel's own, or the one of the installation. */
export const emailDescription: KindDescription = {
  kind: 'email',
  title: 'E-mail',
  settings: emailSettings,
  contactPoint: Type.String({ minLength: 3, maxLength: mailAddressLengthMax, examples: ['ada@example.org'] }),
  // About four days, as RFC 5321 section 4.5.4.1 asks; the first tries are faster than its half
  // hour, because a relay stands between us and the recipient's server.
  retryScheduleMs: [
    1 * minute,
    5 * minute,
    30 * minute,
    2 * hour,
    6 * hour,
    12 * hour,
    24 * hour,
    24 * hour,
    24 * hour,
  ],
  // A second copy carries the same Message-ID and is better than none.
  onUnknown: 'retry',
  slots: 10,
  digests: true,
  checkSettings(settings, { egressAllow }) {
    const errors: FieldError[] = [];
    const smtpUrl = settings['smtp_url'];
    if (typeof smtpUrl === 'string') {
      const check = checkSmtpServer(smtpUrl, parseEgressAllow(egressAllow));
      if ('refused' in check) errors.push({ pointer: '/smtp_url', detail: check.refused });
    }
    for (const name of ['from', 'reply_to']) {
      const mailbox = settings[name];
      if (typeof mailbox !== 'string' || parseMailbox(mailbox) !== undefined) continue;
      errors.push({ pointer: `/${name}`, detail: 'must be one e-mail address or Name <address>' });
    }
    return errors;
  },
  checkAddress: (address) => (isMailAddress(address) ? undefined : 'must be one e-mail address'),
};
