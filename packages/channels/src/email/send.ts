import type { DeliveryId } from '@carillon/core';
import type { SendMailOptions } from 'nodemailer';
import type { Adapter, AdapterDeps, SendRequest, SendResult } from '../adapter.ts';
import type { OpenSocket, Resolve } from '../dial.ts';
import { parseEgressAllow, type EgressAllowance } from '../egress-policy.ts';
import { settingsReader } from '../settings-reader.ts';
import { BodyProgress } from './body-progress.ts';
import { bounceAddressOf } from './bounce-address.ts';
import { composeMail } from './compose.ts';
import { dkimKeyOf, type DkimKey } from './dkim.ts';
import { eventHeaders } from './event-settings.ts';
import { domainOf, isMailAddress, parseMailbox, type Mailbox } from './mailbox.ts';
import { acceptedAs, outcomeOfFailure } from './outcome.ts';
import { emailSettings, type EmailSettings } from './schema.ts';
import { Signing } from './signing.ts';
import { checkSmtpServer } from './smtp-target.ts';
import { parseSmtpUrl } from './smtp-url.ts';
import { unsubscribeHeaders, unsubscribeLinkOf } from './unsubscribe.ts';
import { createTransports, smtpTimeouts, type SmtpRoute, type SmtpTimeouts } from './transports.ts';

/** What tests may replace; production has no reason to. */
export interface EmailOptions {
  timeouts?: SmtpTimeouts;
  resolve?: Resolve;
  openSocket?: OpenSocket;
}

interface Plan {
  route: SmtpRoute;
  from: Mailbox;
  replyTo: Mailbox | undefined;
  to: string;
  /** The sender of the envelope. */
  bouncesTo: string;
  dkim: DkimKey | undefined;
  /** Headers by which what is told of the mail later names its delivery. */
  events: Readonly<Record<string, string>>;
}

const readSettings = settingsReader(emailSettings);

/**
 * Mails a message to one address through pooled connections. The Message-ID is made from the
 * delivery id, so a mail that is sent twice can be told as one. A connection that is lost after the
 * whole mail was handed over ends as `unknown`.
 */
export function createEmailAdapter(deps: AdapterDeps, options: EmailOptions = {}): Adapter {
  const allowance = parseEgressAllow(deps.egressAllow);
  const { resolve, openSocket, timeouts = smtpTimeouts } = options;
  const transports = createTransports({ allowance, resolve, openSocket }, timeouts);
  return {
    async send(request) {
      const plan = planSend(deps, request, allowance);
      if ('refused' in plan) return { outcome: 'reject', reason: plan.refused };
      const progress = new BodyProgress();
      const signing = plan.dkim && new Signing(plan.dkim);
      // A variable, not a literal: nodemailer hands unknown fields on to plugins but does not type them.
      const mail = { ...mailOptions(deps, request, plan), progress, signing };
      try {
        const { response } = await transports.get(plan.route).sendMail(mail);
        return sentResult(response);
      } catch (error) {
        return outcomeOfFailure(error, progress.handedOver);
      }
    },
    stop: async () => transports.stop(),
  };
}

function planSend(
  deps: AdapterDeps,
  { target, deliveryId }: Pick<SendRequest, 'target' | 'deliveryId'>,
  allowance: EgressAllowance,
): Plan | { refused: string } {
  const settings = readSettings(target.settings);
  if (settings === undefined) return { refused: 'channel settings are not valid' };
  const route = routeOf(deps, settings, allowance);
  if ('refused' in route) return route;
  const from = parseMailbox(settings.from ?? deps.mailFrom);
  if (from === undefined) return { refused: 'sender is not an e-mail address' };
  const replyTo = settings.reply_to === undefined ? undefined : parseMailbox(settings.reply_to);
  if (settings.reply_to !== undefined && replyTo === undefined) {
    return { refused: 'reply address is not an e-mail address' };
  }
  if (target.address === undefined || !isMailAddress(target.address)) {
    return { refused: 'recipient is not an e-mail address' };
  }
  const bouncesTo = bounceAddressOf(settings.bounce_address ?? from.address, deliveryId);
  if (bouncesTo === undefined) return { refused: 'bounce address is not an e-mail address' };
  const events = eventHeaders(settings, deliveryId);
  return { route, from, replyTo, to: target.address, bouncesTo, dkim: dkimKeyOf(settings), events };
}

function routeOf(
  deps: AdapterDeps,
  { smtp_url: smtpUrl }: EmailSettings,
  allowance: EgressAllowance,
): SmtpRoute | { refused: string } {
  if (smtpUrl !== undefined) {
    const check = checkSmtpServer(smtpUrl, allowance);
    // One text for every cause, as when a connection fails: it must not tell what lies inside.
    return 'refused' in check ? { refused: 'mail server of the channel is not allowed' } : check;
  }
  if (deps.smtpUrl === undefined)
    return { refused: 'no mail server: neither the channel nor SMTP_URL names one' };
  const server = parseSmtpUrl(deps.smtpUrl);
  return server === undefined ? { refused: 'SMTP_URL is not valid' } : { server, destination: undefined };
}

function mailOptions(
  deps: AdapterDeps,
  request: SendRequest,
  { from, replyTo, to, bouncesTo, events }: Plan,
): SendMailOptions {
  const unsubscribe = unsubscribeLinkOf(deps, request.message);
  const { subject, text, html } = composeMail(request.message, deps.publicUrl, unsubscribe);
  return {
    from,
    to: { name: '', address: to },
    ...(replyTo === undefined ? {} : { replyTo }),
    // Said outright, so that no header can add a recipient.
    envelope: { from: bouncesTo, to: [to] },
    subject,
    text,
    html,
    messageId: messageIdOf(request.deliveryId, from),
    date: deps.clock.now(),
    headers: {
      ...{ 'X-Carillon-Delivery': request.deliveryId, 'Auto-Submitted': 'auto-generated' },
      ...unsubscribeHeaders(unsubscribe),
      ...events,
    },
    disableFileAccess: true,
    disableUrlAccess: true,
    signal: request.signal,
  };
}

function messageIdOf(deliveryId: DeliveryId, from: Mailbox): string {
  return `<${deliveryId}@${domainOf(from.address)}>`;
}

function sentResult(response: unknown): SendResult {
  if (typeof response !== 'string') return { outcome: 'sent' };
  const statusCode = Number(response.slice(0, 3));
  const providerId = acceptedAs(response);
  return {
    outcome: 'sent',
    ...(!Number.isNaN(statusCode) && { statusCode }),
    ...(providerId !== undefined && { providerId }),
  };
}
