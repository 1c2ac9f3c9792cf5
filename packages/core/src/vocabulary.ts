/**
 * The closed lists of words that code, SQL, logs and documents share, and the branded ids.
 * A word that is not here is not a state, a kind or a reason.
 */

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type OrganizationId = Id<'organization'>;
export type UserId = Id<'user'>;
export type ContactPointId = Id<'contact_point'>;
export type NotificationId = Id<'notification'>;
export type TriggerId = Id<'trigger'>;
export type DeliveryId = Id<'delivery'>;
export type AttemptId = Id<'attempt'>;
export type ChannelId = Id<'channel'>;
export type AccessTokenId = Id<'access_token'>;
export type SessionId = Id<'session'>;
export type RuleId = Id<'rule'>;

/** Ways to reach people that have an adapter; the inbox itself is no adapter and has no delivery row. */
export const externalKinds = [
  'email',
  'telegram',
  'slack',
  'sms',
  'phone_call',
  'mobile_app',
  'mobile_app_critical',
  'web_push',
  'discord',
  'msteams',
  'ntfy',
  'gotify',
  'webhook',
  'null',
] as const;
export type ExternalKind = (typeof externalKinds)[number];
export const channelKinds = ['inbox', ...externalKinds] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** One value for each kind that has an adapter. A new kind adds one line, which the compiler asks for. */
export function perKind<Value>(make: (kind: ExternalKind) => Value): Record<ExternalKind, Value> {
  return {
    email: make('email'),
    telegram: make('telegram'),
    slack: make('slack'),
    sms: make('sms'),
    phone_call: make('phone_call'),
    mobile_app: make('mobile_app'),
    mobile_app_critical: make('mobile_app_critical'),
    web_push: make('web_push'),
    discord: make('discord'),
    msteams: make('msteams'),
    ntfy: make('ntfy'),
    gotify: make('gotify'),
    webhook: make('webhook'),
    null: make('null'),
  };
}

/** Roles of users. An operator is no role of a user: it is a token bound to no organization's limits. */
export const roles = ['admin', 'member', 'system'] as const;
export type Role = (typeof roles)[number];

/** What a user token may be limited to; a token without scopes may do all that its user may. */
export const tokenScopes = ['inbox', 'preferences', 'send', 'admin'] as const;
export type TokenScope = (typeof tokenScopes)[number];

export const deliveryStates = [
  'pending',
  'sending',
  'sent',
  'suppressed',
  'cancelled',
  'expired',
  'digested',
  'dead',
  'unknown',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** How one try ended; an attempt without an outcome has begun and was not recorded yet. */
export const attemptOutcomes = ['sent', 'retry', 'reject', 'unknown', 'crashed', 'captured'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/**
 * What a provider tells of a delivery after it took it, beside the state `sent`; each wins over those before it, so
 * that it does not matter in which order they come. `unanswered` is of calls: it rang, and nobody took it.
 */
export const feedbacks = ['delivered', 'opened', 'unanswered', 'answered', 'bounced'] as const;
export type Feedback = (typeof feedbacks)[number];

/**
 * What a target says of an address for good: `bad` stays with the reason, for people to correct; `gone` was made by a
 * program for one device or browser, is never right again, and is removed.
 */
export type AddressVerdict = 'bad' | 'gone';

/**
 * What becomes of messages to the outside: all are sent; all are kept back and written down instead; or only
 * named targets get theirs, and the others' are kept back.
 */
export const deliveryModes = ['live', 'capture', 'allowlist'] as const;
export type DeliveryMode = (typeof deliveryModes)[number];

/** Dispatch lanes: `bulk` is never enqueued by id but claimed from PostgreSQL round robin by organization. */
export const lanes = ['urgent', 'normal', 'bulk'] as const;
export type Lane = (typeof lanes)[number];

/**
 * Why something was decided, for plans, deliveries and explain. Closed: docs/reason-codes.md
 * documents each, and a test fails on a code that is undocumented or never produced.
 */
export const reasonCodes = [
  // Decisions of a plan that let something through.
  'placed',
  'deliver_now',
  'rules_decide',
  'longest_pause_over',
  // Reasons a kind is suppressed.
  'kind_not_requested',
  'not_urgent',
  'channel_unavailable',
  'contact_point_missing',
  'template_preference_off',
  'preference_off',
  'template_default_off',
  'category_default_off',
  'dropped_in_quiet_time',
  'template_error',
  'template_disabled',
  // Reasons a step of somebody's rules has no address.
  'slack_not_linked',
  'phone_not_verified',
  'telegram_not_linked',
  'no_email',
  'no_device',
  'no_webhook',
  'msteams_not_linked',
  // Reasons a delivery waits.
  'retry',
  'paused',
  'rate_limited',
  'circuit_open',
  'endpoint_busy',
  'quiet_hours',
  'muted',
  'digest',
  'bundled',
  // Reasons a delivery ended without being sent.
  'notification_cancelled',
  'notification_deleted',
  'notification_expired',
  'notification_read',
  'notification_dismissed',
  'digested',
  'captured',
  'user_deleted',
  'dispatch_failed',
  'rules_unreached',
  'channel_deleted',
  'contact_point_deleted',
  'rejected',
  'attempts_exhausted',
  'crashed',
  'outcome_unknown',
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

/** Reasons of deliveries that wait for the end of a quiet time, or for others, and are decided again then. */
export const heldReasons = [
  'quiet_hours',
  'muted',
  'digest',
  'bundled',
] as const satisfies readonly ReasonCode[];
export type HeldReason = (typeof heldReasons)[number];
