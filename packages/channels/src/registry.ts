import type { ExternalKind } from '@carillon/core';
import type { CreateAdapter } from './adapter.ts';
import { createEmailAdapter } from './email/send.ts';
import { createNullAdapter } from './null/send.ts';
import { createTelegramAdapter } from './telegram/send.ts';
import { createSlackAdapter } from './slack/send.ts';
import { createSmsAdapter } from './sms/send.ts';
import { createDiscordAdapter } from './discord/send.ts';
import { createTeamsAdapter } from './msteams/send.ts';
import { createNtfyAdapter } from './ntfy/send.ts';
import { createGotifyAdapter } from './gotify/send.ts';
import { createMobileAppAdapter } from './mobile_app/send.ts';
import { createMobileAppCriticalAdapter } from './mobile_app_critical/send.ts';
import { createPhoneCallAdapter } from './phone_call/send.ts';
import { createWebPushAdapter } from './web_push/send.ts';
import { createWebhookAdapter } from './webhook/send.ts';

/** How each kind's adapter is made. A new kind adds one line. */
export const adapters: Readonly<Record<ExternalKind, CreateAdapter>> = {
  email: createEmailAdapter,
  telegram: createTelegramAdapter,
  slack: createSlackAdapter,
  sms: createSmsAdapter,
  phone_call: createPhoneCallAdapter,
  mobile_app: createMobileAppAdapter,
  mobile_app_critical: createMobileAppCriticalAdapter,
  web_push: createWebPushAdapter,
  discord: createDiscordAdapter,
  msteams: createTeamsAdapter,
  ntfy: createNtfyAdapter,
  gotify: createGotifyAdapter,
  webhook: createWebhookAdapter,
  null: createNullAdapter,
};
