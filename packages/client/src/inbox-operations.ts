import type { Operation } from './operation.ts';
import type { OperationName } from './wire.ts';

/** The calls of one user's inbox and preferences, apart, so that a page need not load those of operators. */
export const inboxOperations = {
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

  listPreferences: { method: 'GET', path: '/v1/users/{id}/preferences' },
  putPreference: { method: 'PUT', path: '/v1/users/{id}/preferences' },
  putPreferences: { method: 'POST', path: '/v1/users/{id}/preferences/bulk', key: 'natural' },
  getEffectivePreferences: { method: 'GET', path: '/v1/users/{id}/preferences/effective' },
  deletePreference: { method: 'DELETE', path: '/v1/users/{id}/preferences/{preference_id}' },
  getQuietHours: { method: 'GET', path: '/v1/users/{id}/quiet-hours' },
  setQuietHours: { method: 'PUT', path: '/v1/users/{id}/quiet-hours' },
  deleteQuietHours: { method: 'DELETE', path: '/v1/users/{id}/quiet-hours' },
  muteUser: { method: 'POST', path: '/v1/users/{id}/mute', key: 'natural' },
  unmuteUser: { method: 'DELETE', path: '/v1/users/{id}/mute' },
  listCategories: { method: 'GET', path: '/v1/categories' },
  putTemplatePreference: { method: 'PUT', path: '/v1/users/{id}/template-preferences' },
  deleteTemplatePreference: {
    method: 'DELETE',
    path: '/v1/users/{id}/template-preferences/{preference_id}',
  },
} as const satisfies Partial<Record<OperationName, Operation>>;
