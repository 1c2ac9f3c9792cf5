import type * as contracts from '@carillon/contracts';
import type { AnswerOf, BodyOf, QueryOf, Route } from '@carillon/contracts';

/**
 * The shapes of the API, of its own contracts. Nothing but types comes from there, and only here: the published
 * package carries a file of the same names in the place of this one (scripts/publishable.mjs), so that it stands alone.
 */
export type {
  AccessToken,
  Action,
  Attempt,
  BatchResult,
  CancelManyResult,
  CancelResult,
  CapturedMessage,
  CaughtMail,
  CaughtMailContent,
  ChangesFrame,
  Channel,
  ContactPoint,
  DeadLetter,
  Delivery,
  DeliveryContent,
  HealthDetails,
  InboxChange,
  InboxCounts,
  InboxItem,
  InboxItemChange,
  Liveness,
  NewAccessToken,
  Notification,
  NotificationAccepted,
  NotificationCreate,
  Organization,
  Overview,
  Paused,
  Problem,
  Readiness,
  ReplayResult,
  ServerFrame,
  Session,
  Template,
  TemplatePart,
  TemplatePreview,
  TemplateVersion,
  User,
  UserBulkResult,
  UserBulkWrite,
  UserChange,
  UserWrite,
} from '@carillon/contracts';

type Contracts = typeof contracts;
type Routes = {
  [
    Name in keyof Contracts as Contracts[Name] extends Route & { operationId: Name } ? Name : never
  ]: Contracts[Name] extends Route ? Contracts[Name] : never;
};

/** Every call of the API by its `operationId`. */
export type OperationName = keyof Routes;

type Success = 200 | 201 | 202 | 204;

/** What a call takes in its body. */
export type Body<Name extends OperationName> = BodyOf<Routes[Name]>;

/** What a call takes in its query: the server fills in what is left out. */
export type Query<Name extends OperationName> = Partial<QueryOf<Routes[Name]>>;

/** What a call answers when all is well; undefined where it answers nothing. */
export type Answer<Name extends OperationName> = AnswerOf<
  Routes[Name],
  Extract<keyof Routes[Name]['responses'], Success>
>;
