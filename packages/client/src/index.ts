export { createCarillon, type Carillon } from './client.ts';
export type { CarillonOptions, LiveSettings } from './connect.ts';
export { createInboxClient, type InboxClient } from './inbox-client.ts';
export type { CallOptions } from './call.ts';
export { CarillonError, type CarillonErrorCode, type ClientErrorCode, type FieldProblem } from './errors.ts';
export type { AnswerFacts } from './exchange.ts';
export type { ConnectionStatus, TransportName } from './live/feed.ts';
export type { LiveInbox, LiveListener, LiveOptions, LiveSnapshot } from './live/live-inbox.ts';
export type { SharePlatform } from './live/share.ts';
export type { Channel as TabChannel, Locks as TabLocks } from './live/tab-feed.ts';
export type { WebSocketConstructor, WebSocketLike } from './live/websocket.ts';
export type { Page, Pages } from './pages.ts';
export type { ClientClock, Surroundings } from './surroundings.ts';
export type { TokenSource } from './token.ts';
export type {
  AccessToken,
  Action,
  Answer,
  Attempt,
  BatchResult,
  Body,
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
  OperationName,
  Organization,
  Overview,
  Paused,
  Problem,
  Query,
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
} from './wire.ts';
