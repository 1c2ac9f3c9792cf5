import type { FieldError } from '@carillon/core';
import Type, { type Static } from 'typebox';
import type { KindDescription } from '../adapter.ts';
import { parseEgressAllow } from '../egress-policy.ts';
import { bounceAddressOf } from './bounce-address.ts';
import { checkDkim } from './dkim.ts';
import { checkMailEvents, mailEventSettings } from './event-settings.ts';
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
    bounce_address: Type.Optional(
      Type.String({
        minLength: 3,
        maxLength: mailAddressLengthMax,
        description:
          "Where mails that cannot be delivered go back to; {delivery} in it becomes the delivery's id. The sender when left out",
        examples: ['bounces+{delivery}@example.org'],
      }),
    ),
    dkim_domain: Type.Optional(
      Type.String({ minLength: 3, maxLength: 253, description: 'Domain that mails are signed for (DKIM)' }),
    ),
    dkim_selector: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 63,
        description: 'The part before ._domainkey of the DNS record with the public key',
      }),
    ),
    dkim_private_key: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 8_192,
        writeOnly: true,
        description: 'RSA private key in PEM that mails are signed with',
      }),
    ),
    ...mailEventSettings,
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
  // A quarter of them, which one server gets, keeps its ten connections busy.
  slots: 160,
  digests: true,
  // Whether its reader may switch it off, and in which language the link says so.
  readsDetails: () => true,
  checkSettings(settings, context) {
    const errors: FieldError[] = [];
    const smtpUrl = settings['smtp_url'];
    if (typeof smtpUrl === 'string') {
      const check = checkSmtpServer(smtpUrl, parseEgressAllow(context.egressAllow));
      if ('refused' in check) errors.push({ pointer: '/smtp_url', detail: check.refused });
    }
    for (const name of ['from', 'reply_to']) {
      const mailbox = settings[name];
      if (typeof mailbox !== 'string' || parseMailbox(mailbox) !== undefined) continue;
      errors.push({ pointer: `/${name}`, detail: 'must be one e-mail address or Name <address>' });
    }
    const bounces = settings['bounce_address'];
    if (typeof bounces === 'string' && bounceAddressOf(bounces, sampleDelivery) === undefined) {
      errors.push({
        pointer: '/bounce_address',
        detail: 'must be one e-mail address, in which {delivery} may stand for 36 characters',
      });
    }
    return [...errors, ...checkDkim(textsOf(settings)), ...checkMailEvents(settings, context)];
  },
  checkAddress: (address) => (isMailAddress(address) ? undefined : 'must be one e-mail address'),
};

/** As long as every id is. */
const sampleDelivery = '01890a5d-ac96-774b-bcce-b302099a8057';

function textsOf(settings: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts = Object.entries(settings).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}
