export {
  attemptOutcomes,
  channelKinds,
  deliveryStates,
  externalKinds,
  lanes,
  reasonCodes,
  roles,
  tokenScopes,
  type AccessTokenId,
  type AttemptId,
  type AttemptOutcome,
  type ChannelId,
  type ChannelKind,
  type ContactPointId,
  type DeliveryId,
  type DeliveryState,
  type ExternalKind,
  type Lane,
  type NotificationId,
  type OrganizationId,
  type ReasonCode,
  type Role,
  type TokenScope,
  type TriggerId,
  type UserId,
} from './vocabulary.ts';
export {
  assertNever,
  CarillonError,
  ConflictError,
  ForbiddenError,
  InvalidError,
  MalformedError,
  NotFoundError,
  TargetFailedError,
  TooLargeError,
  TooManyError,
  UnauthenticatedError,
  UnavailableError,
  UnsupportedMediaTypeError,
  type ErrorDetails,
  type FieldError,
} from './errors.ts';
export type { Clock, Log, LogFields, NewId } from './ports.ts';
export type {
  AcceptedNotification,
  Action,
  InlineUser,
  NotificationContent,
  RecipientRef,
  TriggerDraft,
} from './notifications/draft.ts';
export {
  planDeliveries,
  reasonItIsOver,
  type DeliveryPlan,
  type KindDecision,
  type PlanChannel,
  type PlanContactPoint,
  type PlanContext,
  type PlannedDelivery,
  type PlanNotification,
} from './deliveries/plan.ts';
export {
  afterCrash,
  crashesMax,
  nextStep,
  retryAfterMsMax,
  type AttemptResult,
  type NextStep,
  type RetryPolicy,
} from './deliveries/next-step.ts';
export { recheckDelivery, type Recheck, type RecheckContext } from './deliveries/recheck.ts';
export {
  formatPosition,
  parsePosition,
  resumeFrom,
  type Resume,
  type StreamPosition,
} from './inbox/position.ts';
export { countPlaced, isLive, type InboxCounts, type InboxItemState } from './inbox/counts.ts';
export { markdownToHtml, markdownToText } from './templates/markdown.ts';
