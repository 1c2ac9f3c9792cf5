export {
  connectAs,
  connectDatabase,
  type ConnectedDatabase,
  type ConnectOptions,
  type Database,
} from './connect.ts';
export { IncompatibleSchemaError, migrate, schemaNumber } from './migrate.ts';
export type { DatabaseRole } from './roles.ts';
export { ensureDemoUser, ensureFirstAdmin, type FirstAdmin, type HashedToken } from './seed.ts';
export {
  inOrganization,
  inSavepoint,
  inSnapshot,
  inTransaction,
  readInOrganization,
} from './transactions.ts';
export { asUnavailable, sqlState } from './unavailable.ts';
export {
  insertNotifications,
  isNumberTaken,
  resolveRecipients,
  type AcceptIdempotency,
  type AcceptRequest,
  type RecipientQuery,
  type ResolvedTrigger,
} from './queries/accept.ts';
export {
  countValidTokens,
  insertAccessToken,
  listAccessTokens,
  loadTokenHolder,
  revokeAccessToken,
  touchAccessTokens,
  type NewAccessToken,
  type TokenHolder,
  type TokenRecord,
} from './queries/access-tokens.ts';
export {
  deleteCategory,
  listCategories,
  listMandatory,
  lockCategory,
  upsertCategory,
  type CategoryFields,
  type CategoryRecord,
} from './queries/categories.ts';
export {
  claimChannelTests,
  insertChannelTest,
  loadChannelTestOutcome,
  recordChannelTest,
  type ChannelTestOutcome,
  type ClaimedChannelTest,
  type NewChannelTest,
} from './queries/channel-tests.ts';
export {
  deleteChannel,
  getChannel,
  insertChannel,
  listChannels,
  listSealedChannels,
  lockChannel,
  updateChannel,
  type ChannelFields,
  type ChannelRecord,
  type SealedChannel,
} from './queries/channels.ts';
export {
  deleteContactPoint,
  getContactPoint,
  insertContactPoint,
  listContactPoints,
  updateContactPoint,
  type ContactPointRecord,
} from './queries/contact-points.ts';
export {
  closeCircuit,
  countOpenCircuits,
  listCircuitWork,
  openCircuit,
  probeEveryMs,
  takeProbe,
  wakeWaiting,
  type CircuitWork,
} from './queries/circuits.ts';
export {
  claimDeliveries,
  claimHeldDeliveries,
  recordOutcomes,
  startAttempts,
  type DeliveryOutcome,
  type DigestStart,
  type StartingAttempt,
} from './queries/claims.ts';
export type { ClaimedDelivery, Lease, SendableDelivery } from './queries/claimed-rows.ts';
export {
  loadCallbackChannel,
  loadSentMessage,
  recordFeedback,
  type CallbackChannel,
  type DeliveryFeedback,
  type FeedbackSource,
  type SentMessage,
} from './queries/feedback.ts';
export { type JudgedAddress } from './queries/judged-addresses.ts';
export {
  getDelivery,
  listAttempts,
  listDeliveries,
  type AttemptRecord,
  type DeliveryPage,
  type DeliveryRecord,
} from './queries/deliveries.ts';
export {
  abandonDispatch,
  claimUndispatched,
  loadDispatchBatch,
  placeDispatch,
  type DispatchBatch,
  type Placed,
  type PlacedContent,
  type PlacedDelivery,
  type Placement,
  type Undispatched,
  type UndispatchedNotification,
} from './queries/dispatch.ts';
export {
  claimDueDeliveries,
  endLeases,
  listExpiredLeases,
  loadDueWork,
  loadOldestDueSeconds,
  type DueDelivery,
  type DueFound,
  type DueWork,
  type ExpiredLease,
  type LeaseEnd,
} from './queries/due.ts';
export {
  explainedAttemptsMax,
  explainedDeliveriesMax,
  getExplanation,
  type ExplainAttempt,
  type ExplainDelivery,
  type ExplainQuestion,
  type ExplainRecord,
} from './queries/explain.ts';
export { releaseHeld } from './queries/held.ts';
export {
  completeIdempotencyKey,
  deleteOldIdempotencyKeys,
  loadStoredRequest,
  takeIdempotencyKey,
  type IdempotencyKey,
  type StoredRequest,
} from './queries/idempotency.ts';
export { writeInboxChanges, type InboxHead } from './queries/inbox-changes.ts';
export type {
  DecidedNotification,
  LoadedChannel,
  LoadedNotification,
} from './queries/loaded-notification.ts';
export {
  changeInboxItems,
  getInboxItem,
  inboxVerbs,
  loadInboxSummary,
  readAll,
  settlePending,
  type InboxChange,
  type InboxItem,
  type InboxSummary,
  type InboxVerb,
} from './queries/inbox.ts';
export {
  readInboxPage,
  readInboxSummary,
  type InboxPage,
  type InboxReader,
  type InboxStatus,
} from './queries/inbox-pages.ts';
export {
  listValidTokens,
  listOrganizationHeads,
  loadHeads,
  loadInboxDeltas,
  loadRowDeltas,
  type InboxDelta,
  type RowDelta,
  type LiveCursor,
  type LiveStanding,
} from './queries/live.ts';
export {
  cancelNotification,
  getNotification,
  listAccepted,
  listNotifications,
  type Cancelled,
  type NotificationPage,
  type NotificationRecord,
} from './queries/notifications.ts';
export {
  getOrganization,
  insertOrganization,
  listOrganizations,
  loadOrganization,
  pauseAll,
  changePause,
  setPaused,
  updateOrganization,
  type OrganizationFields,
  type OrganizationPage,
  type PauseState,
  type OrganizationRecord,
} from './queries/organizations.ts';
export {
  loadPlanSurroundings,
  type PlanRecipient,
  type PlanSurroundings,
} from './queries/plan-surroundings.ts';
export { loadPolicies, type Policies, type UserPolicy } from './queries/policies.ts';
export {
  deletePreference,
  listPreferences,
  partOf,
  preferencesMax,
  upsertPreferences,
  type PreferenceRecord,
  type PreferenceWrite,
} from './queries/preferences.ts';
export {
  clearMute,
  clearQuietHours,
  loadQuietHours,
  lockOwner,
  setMute,
  setQuietHours,
  type QuietHoursRecord,
  type StoredWindow,
} from './queries/quiet-hours.ts';
export { getEpoch, loadNow, ping, renewEpoch } from './queries/settings.ts';
export {
  changePassword,
  getPasswordHash,
  listLoginCandidates,
  replacePasswordHash,
  type LoginCandidate,
} from './queries/passwords.ts';
export {
  deleteOldSessions,
  insertSession,
  listValidSessions,
  loadSessionByToken,
  loadSessionHolder,
  renewSession,
  revokeSession,
  sessionDays,
  type SessionHolder,
} from './queries/sessions.ts';
export { insertStreamTicket, takeStreamTicket, type StreamTicket } from './queries/stream-tickets.ts';
export { expireNotifications, purgeDeletedUsers, purgeTombstones, tombstoneDays } from './queries/sweeps.ts';
export {
  insertSystemTemplates,
  listOrganizationsLacking,
  type OrganizationsAfter,
} from './queries/system-templates.ts';
export {
  deleteTemplatePart,
  listTemplateParts,
  loadPartials,
  loadTemplatePart,
  lockTemplatePart,
  putTemplatePart,
  templatePartsMax,
  type TemplatePartRecord,
  type TemplatePartRef,
} from './queries/template-parts.ts';
export {
  getTemplateVersion,
  insertTemplateVersion,
  listTemplateVersions,
  publishTemplateVersion,
  type NewTemplateVersion,
  type TemplateVersionPage,
  type TemplateVersionRecord,
  type TemplateVersionSummary,
} from './queries/template-versions.ts';
export {
  countTemplates,
  deleteTemplate,
  getTemplate,
  insertTemplate,
  listTemplates,
  loadTemplateVersions,
  lockTemplate,
  resolveTemplates,
  updateTemplate,
  type AcceptableTemplate,
  type LoadedTemplateVersion,
  type TemplateFields,
  type TemplatePage,
  type TemplateQuery,
  type TemplateRecord,
  type TemplateVersionRef,
} from './queries/templates.ts';
export {
  deleteTemplatePreference,
  isTemplateWanted,
  listTemplatePreferences,
  loadTemplateStanding,
  templatePreferencesMax,
  upsertTemplatePreference,
  type TemplatePreferenceRecord,
  type TemplateStanding,
} from './queries/template-preferences.ts';
export { loadSwitchState, switchBack, switchOff, switchOn } from './queries/unsubscribe.ts';
export type { SwitchPlace, SwitchState } from './queries/unsubscribe.ts';
export {
  deleteUser,
  getUser,
  listUsers,
  loadUser,
  updateUser,
  upsertUser,
  upsertUsers,
  type UserFields,
  type UserPage,
  type UserRecord,
  type UserRef,
  type UserUpsert,
} from './queries/users.ts';
export {
  kindsOfPlan,
  planContextOf,
  planNotification,
  planNotificationTexts,
  withTemplate,
  type PlanFacts,
  type TextsWanted,
} from './plan-notification.ts';
export { policyContextOf, versionKeyOf } from './policy-context.ts';
export { loadDetails, type LoadedDetails } from './queries/message-details.ts';
export { listTemplateTexts, type TemplateText } from './queries/template-texts.ts';
export { loadReaders } from './queries/readers.ts';
export { getTemplateIds } from './queries/template-ids.ts';
export type { TemplateVariant } from './policy-tables.ts';
export { makeClockMovable, moveClock } from './movable-clock.ts';
