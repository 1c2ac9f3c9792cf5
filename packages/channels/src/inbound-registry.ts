import type { ExternalKind } from '@carillon/core';
import { emailInbound } from './email/inbound.ts';
import type { Inbound } from './inbound.ts';
import { phoneCallInbound } from './phone_call/inbound.ts';
import { slackInbound } from './slack/inbound.ts';
import { smsInbound } from './sms/inbound.ts';

/** How the callbacks of each kind are understood that has any. */
export const inbounds: Readonly<Partial<Record<ExternalKind, Inbound>>> = {
  email: emailInbound,
  phone_call: phoneCallInbound,
  slack: slackInbound,
  sms: smsInbound,
};
