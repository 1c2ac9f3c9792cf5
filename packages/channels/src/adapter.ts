import type {
  AddressVerdict,
  ChannelId,
  ChannelRate,
  Clock,
  DeliveryId,
  ExternalKind,
  FieldError,
  Log,
  NotificationId,
} from '@carillon/core';
import type { TSchema } from 'typebox';

/** What one try to send ended as. An adapter never throws for a failure of the other side. */
export type SendResult =
  | { outcome: 'sent'; providerId?: string; statusCode?: number }
  | { outcome: 'retry'; reason: string; afterMs?: number; statusCode?: number }
  | {
      outcome: 'reject';
      reason: string;
      statusCode?: number;
      /** Said when the fault lies with the address itself: it is recorded with the outcome, and nothing is sent there any more. */
      address?: AddressVerdict;
    }
  | { outcome: 'unknown'; reason: string };

/** In the place of a result: an installation on trial kept the message back and wrote it down. No adapter answers so. */
export interface Captured {
  outcome: 'captured';
}

/** The rendered text of one notification for one kind: made once per delivery and kept, so that each try sends the same. */
export interface Message {
  title: string;
  /** Plain text. */
  text: string;
  /** Sanitised HTML. */
  html: string;
  /** A whole page for mails, where the template has a layout for them; `unsubscribeLinkMarker` in it is to be replaced. */
  page?: string;
  /** The notification as receivers of machine-readable kinds get it; JSON, at most 20 kB. */
  notification: MessageNotification;
  /** Only for channels whose kind `readsDetails`: loading them takes time that the others need not spend. */
  details?: MessageDetails;
  /** What its reader can switch off by a link in it, where that does not follow from `details`. */
  unsubscribe?: MessageUnsubscribe;
}

export interface MessageUnsubscribe {
  /** Empty for all that is not mandatory. */
  category: string;
  /** Of the reader and of the organization, for the words of the link. */
  locales: (string | null)[];
}

/** What only some receivers are told of a notification and its recipient. */
export interface MessageDetails {
  recipient: { email: string | null; name: string | null; username: string | null; locale?: string | null };
  /** Null for what was sent without one. */
  template: { id: string; name: string } | null;
  targets: string[];
  /** The title for receivers that show Markdown in titles, and for those that do not. */
  title: { text: string; markdown: string };
  /** Absent in messages of before: whether its reader cannot switch it off, and the organization's locale. */
  mandatory?: boolean;
  locale?: string;
}

export interface MessageNotification {
  id: NotificationId;
  organization_id: string;
  recipient: { id: string; external_id: string | null };
  title: string;
  body: string;
  category: string;
  urgent: boolean;
  url: string | null;
  icon: string | null;
  actions: { label: string; url: string }[];
  data: unknown;
  created_at: string;
}

/** Channel + contact point. `settings` are decrypted and were validated by the kind's schema when they were written. */
export interface Target {
  settings: Readonly<Record<string, unknown>>;
  /** The contact point's address; `undefined` for kinds that take none. */
  address: string | undefined;
  /** The channel, which callbacks of vendors name; `undefined` where there is none to call back to. */
  channelId?: ChannelId | undefined;
}

/** What each call of `send` gets. The same delivery id is the same message: it becomes the receiver's idempotency header. */
export interface SendRequest {
  deliveryId: DeliveryId;
  message: Message;
  target: Target;
  /** Aborts when the dispatch timeout is over or the worker stops; the adapter then answers `unknown` or `retry`. */
  signal: AbortSignal;
  /** W3C trace context of the request that created the notification. */
  traceparent?: string;
}

/** What an adapter may use of its surroundings. */
export interface AdapterDeps {
  log: Log;
  /** For the timestamps that receivers see, never for what is due. */
  clock: Pick<Clock, 'now'>;
  /** Resolves after `durationMs`; rejects with the signal's reason when that aborts first. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
  /** Version of this program, for the user agent. */
  version: string;
  /** Addresses that outgoing requests may reach although private: CIDRs or host:port. */
  egressAllow: readonly string[];
  /** SMTP url and sender used when an e-mail channel names none of its own. */
  smtpUrl: string | undefined;
  mailFrom: string;
  /** Base URL of this installation, for links in messages. */
  publicUrl: string;
  /** Token of the page where a user switches a category off for one kind; an empty category means all of them. */
  unsubscribeToken(of: {
    organizationId: string;
    userId: string;
    kind: ExternalKind;
    category: string;
  }): string;
}

/** A living adapter of one kind in one worker: it may hold connection pools, which `stop` closes. */
export interface Adapter {
  send(request: SendRequest): Promise<SendResult>;
  stop(): Promise<void>;
}

/** What the check of settings may know of the installation. */
export interface SettingsContext {
  /** As in `AdapterDeps`. */
  egressAllow: readonly string[];
}

/** `count` bytes from a source fit for secrets. */
export type RandomBytes = (count: number) => Uint8Array;

/** What the API may know of a kind: schemas, never how to send. Secrets are marked with `writeOnly: true` in `settings`. */
export interface KindDescription {
  kind: ExternalKind;
  title: string;
  settings: TSchema;
  /** Schema of a contact point's address; `undefined` when the kind needs none (the channel is the whole target). */
  contactPoint: TSchema | undefined;
  /** What JSON Schema cannot say about settings that already fit it; pointers are relative to the settings. */
  checkSettings?: (settings: Readonly<Record<string, unknown>>, context: SettingsContext) => FieldError[];
  /** What JSON Schema cannot say about an address that already fits it. */
  checkAddress?: (address: string) => string | undefined;
  /** Settings that Carillon makes itself when their writer left them out. */
  newSettings?: (randomBytes: RandomBytes) => Readonly<Record<string, string>>;
  /** Delays before the second, third … try, in milliseconds; its length + 1 is the number of attempts. */
  retryScheduleMs: readonly number[];
  /** What becomes of a delivery whose worker died after the send began: send again, or leave it for a person. */
  onUnknown: 'retry' | 'give_up';
  /** How many sends one worker keeps in flight; one endpoint gets a quarter of them at most. */
  slots: number;
  /** How much the vendor takes through a channel with these settings; without, or undefined, there is no limit. */
  rate?: (settings: Readonly<Record<string, unknown>>) => ChannelRate | undefined;
  /** Nothing leaves the worker, so that nothing can be slow. */
  staysInside?: true;
  /** Whether several held notifications may become one message: for people yes, for machines no. */
  digests: boolean;
  /** The kind reads nothing of the message, so none is rendered and kept for it. */
  ignoresMessage?: true;
  /** Whether messages to a channel with these settings carry `details`; never, where a kind does not say. */
  readsDetails?: (settings: Readonly<Record<string, unknown>>) => boolean;
}

export type CreateAdapter = (deps: AdapterDeps) => Adapter;
