export {
  attemptOutcomes,
  channelKinds,
  deliveryModes,
  deliveryStates,
  externalKinds,
  feedbacks,
  perKind,
  heldReasons,
  lanes,
  reasonCodes,
  roles,
  tokenScopes,
  type AccessTokenId,
  type AttemptId,
  type AddressVerdict,
  type AttemptOutcome,
  type ChannelId,
  type ChannelKind,
  type ContactPointId,
  type DeliveryId,
  type DeliveryMode,
  type DeliveryState,
  type ExternalKind,
  type Feedback,
  type HeldReason,
  type Lane,
  type NotificationId,
  type OrganizationId,
  type ReasonCode,
  type Role,
  type RuleId,
  type SessionId,
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
  PreconditionFailedError,
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
export { actionTypes } from './notifications/draft.ts';
export type {
  AcceptedNotification,
  Action,
  ActionType,
  DraftTemplate,
  InlineUser,
  NotificationContent,
  RowFields,
  RecipientRef,
  TemplateRef,
  TriggerDraft,
} from './notifications/draft.ts';
export {
  channelAfter,
  chooseChannel,
  firstWorking,
  type ChannelChoice,
  type ChannelRate,
  type ChannelStanding,
} from './deliveries/choose-channel.ts';
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
export {
  decideKind,
  type Because,
  type CategoryPolicy,
  type KindVerdict,
  type PolicyContext,
  type TemplatePolicy,
  type TextOutcome,
  type UserPolicy,
} from './deliveries/policy.ts';
export type { PausedBy } from './deliveries/paused-by.ts';
export { recheckDelivery, type Recheck, type RecheckContext, type StepOfRun } from './deliveries/recheck.ts';
export { digestTexts, type DigestTexts } from './digests/digest-texts.ts';
export { unsubscribeLinkMarker } from './unsubscribe/link-marker.ts';
export { unsubscribeTexts, type UnsubscribeTexts } from './unsubscribe/texts.ts';
export { audiences, type Audience } from './explain/audience.ts';
export type { FeedbackRecord } from './explain/feedback.ts';
export {
  explainNotification,
  tellDecision,
  type Explainable,
  type ExplainedDelivery,
  type ExplainedKind,
  type Explanation,
} from './explain/explain.ts';
export {
  lifeEvents,
  waitReasons,
  type LifeEvent,
  type LifeStep,
  type Wait,
  type WaitReason,
} from './explain/life.ts';
export type { Clockwork } from './explain/moment.ts';
export {
  tellStep,
  type ExplainedRun,
  type NextOfRun,
  type RunRecord,
  type StepRecord,
} from './explain/runs.ts';
export {
  formatPosition,
  parsePosition,
  resumeFrom,
  type Resume,
  type StreamPosition,
} from './inbox/position.ts';
export { countPlaced, isLive, type InboxCounts, type InboxItemState } from './inbox/counts.ts';
export { markdownToHtml, markdownToText, markdownToTextAndHtml } from './templates/markdown.ts';
export { neutralise } from './templates/escape.ts';
export { markdownToBlocks, type TextBlock, type TextSpan } from './templates/markdown-blocks.ts';
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
export { keepRules, type RuleContent } from './rules/keep-rules.ts';
export {
  advanceRun,
  longestPauseMs,
  nextRule,
  runStepTypes,
  type Advance,
  type RunContext,
  type RunDeliveries,
  type RunPlace,
  type RunStep,
  type RunStepType,
} from './rules/advance.ts';
export { bundledUntil, bundleMs } from './rules/bundle.ts';
export {
  chooseList,
  ruleListNames,
  type ListedRule,
  type RuleList,
  type RuleListName,
  type RuleLists,
} from './rules/choose-list.ts';
export { foreseeRun, type ForeseenStep } from './rules/foresee.ts';
export { placeRule, type PlacedRule, type RulePlaceWish } from './rules/order.ts';
export {
  ruleLimits,
  ruleNeeds,
  ruleTypes,
  ruleWarnings,
  verifiedRuleKinds,
  warnOfRule,
  type NotifyRuleType,
  type RuleNeeds,
  type RuleSurroundings,
  type RuleType,
  type RuleWarning,
} from './rules/rule-type.ts';
export { createContentCache, type ContentCache } from './templates/cache.ts';
export {
  checkContent,
  compileContent,
  type CompiledContent,
  type CompiledContentResult,
  type ContentCheck,
  type OnMissing,
  type TemplateContent,
} from './templates/content.ts';
export { isPlainContent } from './templates/plain.ts';
export { escapers, type Medium, type Position } from './templates/escape.ts';
export {
  contentLimits,
  renderFailure,
  renderNotification,
  type RenderedNotification,
  type RenderFailure,
  type RenderRequest,
  type RenderResult,
} from './templates/notification.ts';
export { templateLimits, type TemplateProblem, type TemplateProblemCode } from './templates/problem.ts';
export {
  renderTemplate,
  surroundingsOf,
  type RenderContext,
  type Rendered,
  type Surroundings,
} from './templates/render.ts';
export { compileTemplate, type Compiled, type CompileOptions, type Template } from './templates/template.ts';
export type { SystemTemplate } from './templates/system-template.ts';
export { chooseVariant, type VariantKey } from './templates/variant.ts';
export { planTexts, type Texts, type TextSubject, type Wording, type Wordings } from './templates/texts.ts';
export {
  instantUnits,
  resolveItemValue,
  type InstantUnit,
  type ItemCondition,
  type ItemOperand,
  type ItemPattern,
  type ItemTest,
  type ItemValue,
  type Moment,
  type RelativeInstant,
} from './item-query/condition.ts';
export {
  dateParts,
  itemFields,
  itemRelations,
  personFields,
  type DatePart,
  type ItemColumn,
  type ItemField,
  type ItemRelation,
  type PersonField,
} from './item-query/fields.ts';
export {
  aggregateFunctions,
  type AggregateFunction,
  type AggregateValue,
  type ItemAggregation,
  type ItemQuery,
  type ItemSearch,
  type ItemSort,
  type SelectedField,
  type SelectedPerson,
  type SelectedPersonField,
  type SelectedValue,
} from './item-query/item-query.ts';
