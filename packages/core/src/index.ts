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
export {
  checkQuietWindow,
  parseQuietWindow,
  quietModes,
  type ParsedQuietWindow,
  type QuietMode,
  type QuietWindow,
} from './quiet-hours/quiet-window.ts';
export { isMalformed, isQuiet, quietEnd } from './quiet-hours/quiet-time.ts';
export { releaseSpreadMs } from './quiet-hours/release-spread.ts';
export {
  governingWindow,
  quietLayers,
  resolveQuiet,
  type QuietContext,
  type QuietDecision,
  type QuietLayer,
  type QuietModeSource,
  type QuietWinner,
} from './quiet-hours/resolve-quiet.ts';
export { firstZone, isZone, localDate, localTime } from './quiet-hours/zone-clock.ts';
export {
  mostSpecificRow,
  specificityOf,
  type PreferenceRow,
  type PreferenceScope,
} from './preferences/preference-row.ts';
export {
  preferenceLayers,
  resolvePreference,
  type PreferenceDecision,
  type PreferenceLayer,
  type PreferenceRows,
  type PreferenceSubject,
  type TemplatePreferenceRow,
} from './preferences/resolve-preference.ts';
export { effectivePreferences, type EffectivePreference } from './preferences/effective-preferences.ts';
