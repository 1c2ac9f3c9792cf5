import { externalKinds, type ExternalKind } from '@carillon/core';
import type { KindDescription } from './adapter.ts';
import { emailDescription } from './email/schema.ts';
import { nullDescription } from './null/schema.ts';
import { telegramDescription } from './telegram/schema.ts';
import { slackDescription } from './slack/schema.ts';
import { smsDescription } from './sms/schema.ts';
import { discordDescription } from './discord/schema.ts';
import { msteamsDescription } from './msteams/schema.ts';
import { ntfyDescription } from './ntfy/schema.ts';
import { gotifyDescription } from './gotify/schema.ts';
import { mobileAppDescription } from './mobile_app/schema.ts';
import { mobileAppCriticalDescription } from './mobile_app_critical/schema.ts';
import { phoneCallDescription } from './phone_call/schema.ts';
import { webPushDescription } from './web_push/schema.ts';
import { webhookDescription } from './webhook/schema.ts';

/** Every kind that has an adapter: its schemas and policy, never how it sends. A new kind adds one line. */
export const catalogue: Readonly<Record<ExternalKind, KindDescription>> = {
  email: emailDescription,
  telegram: telegramDescription,
  discord: discordDescription,
  msteams: msteamsDescription,
  ntfy: ntfyDescription,
  gotify: gotifyDescription,
  slack: slackDescription,
  sms: smsDescription,
  phone_call: phoneCallDescription,
  mobile_app: mobileAppDescription,
  mobile_app_critical: mobileAppCriticalDescription,
  web_push: webPushDescription,
  webhook: webhookDescription,
  null: nullDescription,
};

/** Kinds whose channel is the whole target: people need no address of them. */
export const kindsWithoutContactPoint: ReadonlySet<ExternalKind> = new Set(
  externalKinds.filter((kind) => catalogue[kind].contactPoint === undefined),
);
