import { NotFoundError, type NotificationId } from '@carillon/core';
import { changeItem, listItems, readAllItems } from '../../actions/inbox.ts';
import type { ApiDeps } from '../../deps.ts';
import type { DialectRoute, DialectStream } from '../dialect.ts';
import { everybody } from '../rights.ts';
import { readBoolean, readObject } from './body.ts';
import { readListQuery, readWatchQuery } from './query.ts';
import { CoderRefusal } from './refusal.ts';
import { toNotification } from './translate.ts';
import { parseUuid } from './uuid.ts';
import { watchForm } from './watch.ts';

const pageItems = 25;
const base = '/api/v2/notifications/inbox';
const ofInbox = everybody('inbox');

/** The caller's inbox. */
export function inboxRoutes(deps: ApiDeps): DialectRoute[] {
  return [
    {
      ...{ method: 'GET', path: base, auth: ofInbox },
      async handle({ query, caller }) {
        const { targets, templates, readStatus, startingBefore } = readListQuery(query);
        const { items, counts } = await listItems(deps, caller, {
          ...{ status: readStatus, limit: pageItems },
          targets: targets.length === 0 ? undefined : targets,
          templateIds: templates.length === 0 ? undefined : templates,
          before: startingBefore as NotificationId | undefined,
        });
        const notifications = items.map((item) => toNotification(item));
        return { status: 200, body: { notifications, unread_count: counts.unread } };
      },
    },
    {
      ...{ method: 'GET', path: `${base}/watch`, auth: ofInbox },
      async handle({ query }) {
        readWatchQuery(query);
        const detail = 'This call becomes a WebSocket: send `Connection: Upgrade` and `Upgrade: websocket`';
        return {
          status: 426,
          body: { message: 'Upgrade required.', detail },
          headers: { Upgrade: 'websocket' },
        };
      },
    },
    {
      ...{ method: 'PUT', path: `${base}/mark-all-as-read`, auth: ofInbox },
      async handle({ caller }) {
        await readAllItems(deps, caller, undefined);
        return { status: 204 };
      },
    },
    {
      ...{ method: 'PUT', path: `${base}/{id}/read-status`, auth: ofInbox },
      async handle({ params, body, caller }) {
        const id = pathId(params['id'] ?? '');
        // Coder's own example sends nothing and means "read".
        const isRead = body === undefined || readBoolean(readObject(body), 'is_read');
        const verb = isRead ? 'read' : 'unread';
        const { item, counts } = await changeItem(deps, caller, id as NotificationId, verb).catch(
          unknownItem,
        );
        const notification = item === undefined ? undefined : toNotification(item);
        return { status: 200, body: { notification, unread_count: counts.unread } };
      },
    },
  ];
}

export const inboxStreams: readonly DialectStream[] = [
  { path: `${base}/watch`, auth: ofInbox, form: (query) => watchForm(readWatchQuery(query)) },
];

/** Throws CoderRefusal for what is not a uuid. */
export function pathId(text: string): string {
  const id = parseUuid(text);
  if (id !== undefined) return id;
  throw new CoderRefusal(400, `Invalid UUID "${text.slice(0, 100)}".`, {
    detail: 'The path must name an id',
  });
}

function unknownItem(error: unknown): never {
  if (!(error instanceof NotFoundError)) throw error;
  throw new CoderRefusal(404, 'Failed to update inbox notification read status.', { detail: error.message });
}
