import type { OperationName } from './wire.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Of a call what it takes to make it. A test compares each with the contract of its name. */
export interface Operation {
  method: Method;
  /** With parameters in braces. */
  path: string;
  /** What an `Idempotency-Key` does: the client makes one where it is `stored`. Of POSTs only. */
  key?: 'stored' | 'natural' | 'unsupported';
  /** Statuses beside 2xx whose body is the answer and no problem. */
  alsoAnswers?: readonly number[];
  /** Whether the answer is a text instead of JSON. */
  answersText?: true;
}

/** Every call that has a verb. */
export const operations = {
  createNotification: { method: 'POST', path: '/v1/notifications', key: 'stored' },
  createNotificationBatch: { method: 'POST', path: '/v1/notifications/batch', key: 'stored' },
  listNotifications: { method: 'GET', path: '/v1/notifications' },
  getNotification: { method: 'GET', path: '/v1/notifications/{id}' },
  cancelNotifications: { method: 'POST', path: '/v1/notifications/cancel', key: 'natural' },
  cancelNotification: { method: 'POST', path: '/v1/notifications/{id}/cancel', key: 'natural' },
  explainNotification: { method: 'GET', path: '/v1/notifications/{id}/explain' },
  createSimulation: { method: 'POST', path: '/v1/simulations', key: 'unsupported' },

  listInbox: { method: 'GET', path: '/v1/inbox' },
  notifySelf: { method: 'POST', path: '/v1/inbox', key: 'stored' },
  getInboxCounts: { method: 'GET', path: '/v1/inbox/counts' },
  createStreamTicket: { method: 'POST', path: '/v1/inbox/stream/tickets', key: 'unsupported' },
  changeInboxItems: { method: 'POST', path: '/v1/inbox/bulk', key: 'natural' },
  readAllInbox: { method: 'POST', path: '/v1/inbox/read-all', key: 'natural' },
  getInboxItem: { method: 'GET', path: '/v1/inbox/{id}' },
  explainInboxItem: { method: 'GET', path: '/v1/inbox/{id}/explain' },
  markInboxItemRead: { method: 'PUT', path: '/v1/inbox/{id}/read' },
  markInboxItemUnread: { method: 'DELETE', path: '/v1/inbox/{id}/read' },
  markInboxItemSeen: { method: 'PUT', path: '/v1/inbox/{id}/seen' },
  markInboxItemUnseen: { method: 'DELETE', path: '/v1/inbox/{id}/seen' },
  archiveInboxItem: { method: 'PUT', path: '/v1/inbox/{id}/archived' },
  unarchiveInboxItem: { method: 'DELETE', path: '/v1/inbox/{id}/archived' },
  dismissInboxItem: { method: 'POST', path: '/v1/inbox/{id}/dismiss', key: 'natural' },
  acknowledgeInboxItem: { method: 'POST', path: '/v1/inbox/{id}/acknowledge', key: 'natural' },
  deleteInboxItem: { method: 'DELETE', path: '/v1/inbox/{id}' },

  createUser: { method: 'POST', path: '/v1/users', key: 'stored' },
  writeUsers: { method: 'POST', path: '/v1/users/bulk', key: 'natural' },
  listUsers: { method: 'GET', path: '/v1/users' },
  getUser: { method: 'GET', path: '/v1/users/{id}' },
  updateUser: { method: 'PATCH', path: '/v1/users/{id}' },
  deleteUser: { method: 'DELETE', path: '/v1/users/{id}' },
  setPassword: { method: 'PUT', path: '/v1/users/{id}/password' },
  deletePassword: { method: 'DELETE', path: '/v1/users/{id}/password' },
  listContactPoints: { method: 'GET', path: '/v1/users/{id}/contact-points' },
  createContactPoint: { method: 'POST', path: '/v1/users/{id}/contact-points', key: 'stored' },
  updateContactPoint: { method: 'PATCH', path: '/v1/users/{id}/contact-points/{contact_point_id}' },
  deleteContactPoint: { method: 'DELETE', path: '/v1/users/{id}/contact-points/{contact_point_id}' },
  getWebPushKey: { method: 'GET', path: '/v1/web-push/key' },
  createToken: { method: 'POST', path: '/v1/users/{id}/tokens', key: 'unsupported' },
  listTokens: { method: 'GET', path: '/v1/users/{id}/tokens' },
  revokeToken: { method: 'DELETE', path: '/v1/users/{id}/tokens/{token_id}' },

  listPreferences: { method: 'GET', path: '/v1/users/{id}/preferences' },
  putPreference: { method: 'PUT', path: '/v1/users/{id}/preferences' },
  putPreferences: { method: 'POST', path: '/v1/users/{id}/preferences/bulk', key: 'natural' },
  getEffectivePreferences: { method: 'GET', path: '/v1/users/{id}/preferences/effective' },
  deletePreference: { method: 'DELETE', path: '/v1/users/{id}/preferences/{preference_id}' },
  putTemplatePreference: { method: 'PUT', path: '/v1/users/{id}/template-preferences' },
  deleteTemplatePreference: {
    method: 'DELETE',
    path: '/v1/users/{id}/template-preferences/{preference_id}',
  },
  getQuietHours: { method: 'GET', path: '/v1/users/{id}/quiet-hours' },
  setQuietHours: { method: 'PUT', path: '/v1/users/{id}/quiet-hours' },
  deleteQuietHours: { method: 'DELETE', path: '/v1/users/{id}/quiet-hours' },
  muteUser: { method: 'POST', path: '/v1/users/{id}/mute', key: 'natural' },
  unmuteUser: { method: 'DELETE', path: '/v1/users/{id}/mute' },
  getRules: { method: 'GET', path: '/v1/users/{id}/rules' },
  setRules: { method: 'PUT', path: '/v1/users/{id}/rules' },
  createRule: { method: 'POST', path: '/v1/users/{id}/rules', key: 'stored' },
  updateRule: { method: 'PATCH', path: '/v1/users/{id}/rules/{rule_id}' },
  deleteRule: { method: 'DELETE', path: '/v1/users/{id}/rules/{rule_id}' },
  listCategories: { method: 'GET', path: '/v1/categories' },
  putCategory: { method: 'PUT', path: '/v1/categories/{key}' },
  deleteCategory: { method: 'DELETE', path: '/v1/categories/{key}' },

  listTemplates: { method: 'GET', path: '/v1/templates' },
  createTemplate: { method: 'POST', path: '/v1/templates', key: 'stored' },
  getTemplate: { method: 'GET', path: '/v1/templates/{template}' },
  updateTemplate: { method: 'PATCH', path: '/v1/templates/{template}' },
  pauseTemplate: { method: 'POST', path: '/v1/templates/{template}/pause', key: 'natural' },
  resumeTemplate: { method: 'POST', path: '/v1/templates/{template}/resume', key: 'natural' },
  deleteTemplate: { method: 'DELETE', path: '/v1/templates/{template}' },
  listTemplateVersions: { method: 'GET', path: '/v1/templates/{template}/versions' },
  createTemplateVersion: { method: 'POST', path: '/v1/templates/{template}/versions', key: 'stored' },
  getTemplateVersion: { method: 'GET', path: '/v1/templates/{template}/versions/{version}' },
  publishTemplateVersion: {
    method: 'POST',
    path: '/v1/templates/{template}/versions/{version}/publish',
    key: 'natural',
  },
  previewTemplate: { method: 'POST', path: '/v1/templates/{template}/preview', key: 'unsupported' },
  testSendTemplate: { method: 'POST', path: '/v1/templates/{template}/test-send', key: 'unsupported' },
  listTemplateParts: { method: 'GET', path: '/v1/template-parts' },
  getTemplatePart: { method: 'GET', path: '/v1/template-parts/{part}/{key}' },
  putTemplatePart: { method: 'PUT', path: '/v1/template-parts/{part}/{key}' },
  deleteTemplatePart: { method: 'DELETE', path: '/v1/template-parts/{part}/{key}' },

  listChannelKinds: { method: 'GET', path: '/v1/channel-kinds' },
  createChannel: { method: 'POST', path: '/v1/channels', key: 'stored' },
  listChannels: { method: 'GET', path: '/v1/channels' },
  getChannel: { method: 'GET', path: '/v1/channels/{id}' },
  updateChannel: { method: 'PATCH', path: '/v1/channels/{id}' },
  deleteChannel: { method: 'DELETE', path: '/v1/channels/{id}' },
  pauseChannel: { method: 'POST', path: '/v1/channels/{id}/pause', key: 'natural' },
  resumeChannel: { method: 'POST', path: '/v1/channels/{id}/resume', key: 'natural' },
  testChannel: { method: 'POST', path: '/v1/channels/{id}/test', key: 'unsupported' },
  listDeliveries: { method: 'GET', path: '/v1/deliveries' },
  getDelivery: { method: 'GET', path: '/v1/deliveries/{id}' },
  listAttempts: { method: 'GET', path: '/v1/deliveries/{id}/attempts' },
  getDeliveryContent: { method: 'GET', path: '/v1/deliveries/{id}/content' },
  retryDelivery: { method: 'POST', path: '/v1/deliveries/{id}/retry', key: 'stored' },
  listDeadLetters: { method: 'GET', path: '/v1/dead-letters' },
  replayDeadLetters: { method: 'POST', path: '/v1/dead-letters/replay', key: 'natural' },
  listCaptured: { method: 'GET', path: '/v1/captured' },
  getPaused: { method: 'GET', path: '/v1/paused' },
  setPaused: { method: 'PUT', path: '/v1/paused' },

  createOrganization: { method: 'POST', path: '/v1/organizations', key: 'stored' },
  listOrganizations: { method: 'GET', path: '/v1/organizations' },
  getOrganization: { method: 'GET', path: '/v1/organizations/{id}' },
  updateOrganization: { method: 'PATCH', path: '/v1/organizations/{id}' },

  getLiveness: { method: 'GET', path: '/livez', alsoAnswers: [503] },
  getReadiness: { method: 'GET', path: '/readyz', alsoAnswers: [503] },
  getHealth: { method: 'GET', path: '/healthz', alsoAnswers: [503] },
  getMetrics: { method: 'GET', path: '/metrics', answersText: true },
  getOpenApi: { method: 'GET', path: '/openapi.json' },
} as const satisfies Partial<Record<OperationName, Operation>>;

export type VerbName = keyof typeof operations;
