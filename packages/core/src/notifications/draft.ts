import type { ChannelKind, NotificationId, UserId } from '../vocabulary.ts';

/** What a button does in an inbox besides leading somewhere: acknowledge the item that it is under. */
export const actionTypes = ['acknowledge'] as const;
export type ActionType = (typeof actionTypes)[number];

/** A button under a notification. */
export interface Action {
  label: string;
  url: string;
  /** Absent for a button that only leads somewhere, which it is in all messages anyway. */
  type?: ActionType;
}

/** A user named inside a create call: made, or updated by `externalId`, in the transaction that accepts the notification. */
export interface InlineUser {
  externalId: string;
  email?: string | undefined;
  name?: string | undefined;
  username?: string | undefined;
  zone?: string | undefined;
  locale?: string | undefined;
}

/** How a caller may name a recipient. */
export type RecipientRef =
  | { by: 'id'; id: UserId }
  | { by: 'external_id'; externalId: string }
  | { by: 'email'; email: string }
  | { by: 'inline'; user: InlineUser };

/** How a caller may name a template. */
export type TemplateRef = { by: 'id'; id: string } | { by: 'key'; key: string };

/** What is told, before it is known to whom: shared by all notifications of one trigger. */
export interface NotificationContent {
  /** The version whose texts are rendered at dispatch; until then title and body are empty. */
  template?: { id: string; version: number } | undefined;
  title: string;
  /** Markdown. */
  body: string;
  category: string;
  data: Record<string, unknown>;
  actions: Action[];
  targets: string[];
  url: string | undefined;
  icon: string | undefined;
  senderId: UserId | undefined;
  environment: string;
  project: string;
  urgent: boolean;
  /** Kinds that the caller restricts this notification to; undefined means all. */
  kinds: ChannelKind[] | undefined;
  /** Not before this instant is it dispatched. */
  sendAt?: Date | undefined;
  expiresAt: Date | undefined;
  row?: RowFields | undefined;
}

/** What an edge may say of the row itself, where its clients see rows and not messages. */
export interface RowFields {
  /** What it is about, in the words of the caller's own tables. */
  collection: string | undefined;
  item: string | undefined;
  /** Free text; `inbox` unless given. */
  status: string | null | undefined;
  /** Instead of the organization's next; later ones go on behind it. */
  number: number | undefined;
  /** It is seen whatever its recipient prefers; preferences say only how else it is told. */
  inboxAlways: boolean;
}

/** One create call before it is accepted. `pointers[i]` says where in the request `to[i]` was named. */
export interface TriggerDraft {
  /** JSON pointer of this create within the request; empty when absent. */
  pointer?: string | undefined;
  /** Gives texts, category, urgency and kinds in the place of the content's. */
  template?: DraftTemplate | undefined;
  to: RecipientRef[];
  pointers: string[];
  /** An unknown recipient refuses the whole trigger; otherwise it is listed and left out. */
  strict: boolean;
  content: NotificationContent;
}

/** A template that a draft names. */
export interface DraftTemplate {
  ref: TemplateRef;
  /** A version that may be a draft, for tests; otherwise the published one is used. */
  version?: number | undefined;
}

/** One notification that was accepted. */
export interface AcceptedNotification {
  id: NotificationId;
  recipientId: UserId;
}
