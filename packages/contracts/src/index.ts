export {
  bodyBytesMaxBatch,
  bodyBytesMaxDefault,
  route,
  type Answer,
  type AnswerOf,
  type Answers,
  type BodyOf,
  type CallerRole,
  type Idempotency,
  type Method,
  type ParamsOf,
  type QueryOf,
  type RequestExample,
  type Route,
  type RouteAuth,
} from './route.ts';
export { takesIfMatch, takesIfNoneMatch } from './conditional.ts';
export { checkDataSchema, compileDataSchema, dataSchemaLimits, type DataCheck } from './data-schema.ts';
export { inspect, type Inspection } from './inspect.ts';
export { compileAhead, compileRoute, makeAjv, type Checked, type CompiledRoute } from './validate.ts';
export type { RawQuery } from './query.ts';
export {
  isProblemCode,
  Problem,
  problemCodes,
  problemOf,
  type ProblemCode,
  type ProblemFields,
} from './problem.ts';
export { problemKinds } from './problem-kinds.ts';
export {
  ChangesFrame,
  ClientFrame,
  ErrorFrame,
  frameErrorCodes,
  frameItemsMax,
  HeartbeatFrame,
  parseClientFrame,
  ReadyFrame,
  ResyncFrame,
  resyncReasons,
  ServerFrame,
  type FrameErrorCode,
  type ResyncReason,
} from './frames.ts';
export { v1Routes } from './v1/routes.ts';
export { Action, dataJsonBytesMax } from './v1/content.ts';
export {
  batchMax,
  BatchResult,
  createNotification,
  createNotificationBatch,
  NotificationAccepted,
  NotificationCreate,
  recipientsMax,
  type RecipientObject,
} from './v1/notification-create.ts';
export {
  cancelNotification,
  CancelResult,
  getNotification,
  listNotifications,
  Notification,
} from './v1/notifications.ts';
export { notifySelf, SelfNotification } from './v1/self-notification.ts';
export { InboxChange, InboxCounts, InboxItem, InboxItemChange } from './v1/inbox-item.ts';
export {
  archiveInboxItem,
  changeInboxItems,
  deleteInboxItem,
  acknowledgeInboxItem,
  dismissInboxItem,
  getInboxCounts,
  getInboxItem,
  inboxBulkMax,
  inboxStatuses,
  inboxVerbs,
  listInbox,
  markInboxItemRead,
  markInboxItemSeen,
  markInboxItemUnread,
  markInboxItemUnseen,
  readAllInbox,
  unarchiveInboxItem,
  type InboxStatus,
  type InboxVerb,
} from './v1/inbox.ts';
export type { DecidedBy } from './v1/decided-by.ts';
export { explainInboxItem, explainNotification, Explanation, InboxExplanation } from './v1/explain.ts';
export { createSimulation, Simulation, SimulationCreate } from './v1/simulations.ts';
export { receiveCallback } from './v1/inbound.ts';
export { createStreamTicket, openInboxStream } from './v1/stream.ts';
export {
  createOrganization,
  getOrganization,
  listOrganizations,
  NewOrganization,
  Organization,
  updateOrganization,
} from './v1/organizations.ts';
export { User, UserBulkWrite, UserChange, UserWrite } from './v1/user.ts';
export {
  createUser,
  deleteUser,
  getUser,
  listUsers,
  updateUser,
  UserBulkResult,
  usersBulkMax,
  writeUsers,
} from './v1/users.ts';
export {
  ContactPoint,
  createContactPoint,
  deleteContactPoint,
  listContactPoints,
  updateContactPoint,
} from './v1/contact-points.ts';
export { getWebPushKey, WebPushKey } from './v1/web-push.ts';
export {
  deletePreference,
  deleteTemplatePreference,
  listPreferences,
  Preference,
  preferencesBulkMax,
  PreferenceWrite,
  putPreference,
  putPreferences,
  putTemplatePreference,
  TemplatePreference,
} from './v1/preferences.ts';
export { EffectivePreference, EffectiveQuiet, getEffectivePreferences } from './v1/effective-preferences.ts';
export { createRule, deleteRule, getRules, Rule, RuleLists, setRules, updateRule } from './v1/rules.ts';
export {
  deleteQuietHours,
  getQuietHours,
  muteUser,
  QuietHours,
  QuietWindow,
  setQuietHours,
  unmuteUser,
} from './v1/quiet-hours.ts';
export { categoriesMax, Category, deleteCategory, listCategories, putCategory } from './v1/categories.ts';
export {
  AccessToken,
  createToken,
  listTokens,
  NewAccessToken,
  revokeToken,
  tokenSecondsMax,
} from './v1/tokens.ts';
export { listChannelKinds, type ChannelKindObject } from './v1/channel-kinds.ts';
export {
  Channel,
  ChannelTestResult,
  createChannel,
  deleteChannel,
  getChannel,
  listChannels,
  pauseChannel,
  resumeChannel,
  SecretSetting,
  testChannel,
  updateChannel,
  WrittenChannel,
} from './v1/channels.ts';
export { CancelManyResult, cancelNotifications } from './v1/cancel.ts';
export {
  CaughtMail,
  CaughtMailContent,
  caughtMailLengthMax,
  getCaughtMail,
  listCaughtMails,
} from './v1/caught-mails.ts';
export { CapturedMessage, listCaptured } from './v1/captured.ts';
export { DeadLetter, listDeadLetters, replayDeadLetters, ReplayResult } from './v1/dead-letters.ts';
export {
  Attempt,
  Delivery,
  DeliveryContent,
  getDelivery,
  getDeliveryContent,
  listAttempts,
  listDeliveries,
  retryDelivery,
} from './v1/deliveries.ts';
export {
  createTemplate,
  deleteTemplate,
  deleteTemplatePart,
  getTemplate,
  getTemplatePart,
  listTemplateParts,
  listTemplates,
  pauseTemplate,
  putTemplatePart,
  resumeTemplate,
  Template,
  TemplatePart,
  updateTemplate,
} from './v1/templates.ts';
export {
  createTemplateVersion,
  getTemplateVersion,
  listTemplateVersions,
  previewTemplate,
  publishTemplateVersion,
  TemplatePreview,
  TemplateVersion,
  testSendTemplate,
} from './v1/template-versions.ts';
export { getPaused, Paused, setPaused } from './v1/paused.ts';
export {
  getDocs,
  getHealth,
  getLiveness,
  getMetrics,
  getOpenApi,
  getReadiness,
  HealthDetails,
  Liveness,
  Readiness,
} from './v1/operation.ts';
export { deletePassword, setPassword } from './v1/passwords.ts';
export { getOverview, Overview } from './v1/overview.ts';
export { createSession, endSession, refreshSession, Session } from './v1/sessions.ts';
export { buildOpenApi, type OpenApiDocument } from './openapi/document.ts';
