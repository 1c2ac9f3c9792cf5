import type { Route } from '../route.ts';
import { listCaptured } from './captured.ts';
import { getCaughtMail, listCaughtMails } from './caught-mails.ts';
import * as categories from './categories.ts';
import { cancelNotifications } from './cancel.ts';
import * as channelKinds from './channel-kinds.ts';
import * as channels from './channels.ts';
import * as contactPoints from './contact-points.ts';
import { listDeadLetters, replayDeadLetters } from './dead-letters.ts';
import * as deliveries from './deliveries.ts';
import { explainInboxItem, explainNotification } from './explain.ts';
import { getEffectivePreferences } from './effective-preferences.ts';
import { receiveCallback } from './inbound.ts';
import * as inbox from './inbox.ts';
import { createNotification, createNotificationBatch } from './notification-create.ts';
import { cancelNotification, getNotification, listNotifications } from './notifications.ts';
import * as operation from './operation.ts';
import * as organizations from './organizations.ts';
import { deletePassword, setPassword } from './passwords.ts';
import { getOverview } from './overview.ts';
import { getPaused, setPaused } from './paused.ts';
import * as preferences from './preferences.ts';
import * as quietHours from './quiet-hours.ts';
import * as rules from './rules.ts';
import { notifySelf } from './self-notification.ts';
import { createSimulation } from './simulations.ts';
import * as sessions from './sessions.ts';
import { createStreamTicket, openInboxStream } from './stream.ts';
import * as templateVersions from './template-versions.ts';
import * as templates from './templates.ts';
import * as tokens from './tokens.ts';
import * as users from './users.ts';
import { getWebPushKey } from './web-push.ts';

/**
 * Every call of the native API. The order is that of the documents, and of matching: a fixed path
 * stands before one with a parameter in its place.
 */
export const v1Routes: readonly Route[] = [
  createNotification,
  createNotificationBatch,
  listNotifications,
  getNotification,
  cancelNotifications,
  cancelNotification,
  explainNotification,
  createSimulation,

  inbox.listInbox,
  notifySelf,
  inbox.getInboxCounts,
  openInboxStream,
  createStreamTicket,
  inbox.changeInboxItems,
  inbox.readAllInbox,
  inbox.getInboxItem,
  explainInboxItem,
  inbox.markInboxItemRead,
  inbox.markInboxItemUnread,
  inbox.markInboxItemSeen,
  inbox.markInboxItemUnseen,
  inbox.archiveInboxItem,
  inbox.unarchiveInboxItem,
  inbox.dismissInboxItem,
  inbox.acknowledgeInboxItem,
  inbox.deleteInboxItem,

  users.createUser,
  users.writeUsers,
  users.listUsers,
  users.getUser,
  users.updateUser,
  users.deleteUser,
  setPassword,
  deletePassword,
  sessions.createSession,
  sessions.refreshSession,
  sessions.endSession,
  contactPoints.listContactPoints,
  contactPoints.createContactPoint,
  contactPoints.updateContactPoint,
  contactPoints.deleteContactPoint,
  getWebPushKey,
  preferences.listPreferences,
  preferences.putPreference,
  preferences.putPreferences,
  getEffectivePreferences,
  preferences.deletePreference,
  preferences.putTemplatePreference,
  preferences.deleteTemplatePreference,
  quietHours.getQuietHours,
  quietHours.setQuietHours,
  quietHours.deleteQuietHours,
  quietHours.muteUser,
  quietHours.unmuteUser,
  rules.getRules,
  rules.setRules,
  rules.createRule,
  rules.updateRule,
  rules.deleteRule,
  categories.listCategories,
  categories.putCategory,
  categories.deleteCategory,
  tokens.createToken,
  tokens.listTokens,
  tokens.revokeToken,

  templates.listTemplates,
  templates.createTemplate,
  templates.getTemplate,
  templates.updateTemplate,
  templates.deleteTemplate,
  templates.pauseTemplate,
  templates.resumeTemplate,
  templateVersions.listTemplateVersions,
  templateVersions.createTemplateVersion,
  templateVersions.getTemplateVersion,
  templateVersions.publishTemplateVersion,
  templateVersions.previewTemplate,
  templateVersions.testSendTemplate,
  templates.listTemplateParts,
  templates.getTemplatePart,
  templates.putTemplatePart,
  templates.deleteTemplatePart,

  channelKinds.listChannelKinds,
  channels.createChannel,
  channels.listChannels,
  channels.getChannel,
  channels.updateChannel,
  channels.deleteChannel,
  channels.testChannel,
  channels.pauseChannel,
  channels.resumeChannel,
  receiveCallback,
  deliveries.listDeliveries,
  deliveries.getDelivery,
  deliveries.listAttempts,
  deliveries.getDeliveryContent,
  deliveries.retryDelivery,
  listDeadLetters,
  replayDeadLetters,
  listCaptured,
  getPaused,
  setPaused,
  getOverview,
  listCaughtMails,
  getCaughtMail,

  organizations.createOrganization,
  organizations.listOrganizations,
  organizations.getOrganization,
  organizations.updateOrganization,

  operation.getLiveness,
  operation.getReadiness,
  operation.getHealth,
  operation.getMetrics,
  operation.getOpenApi,
  operation.getDocs,
];
