import { createHash } from 'node:crypto';
import { ConflictError, type NotificationId } from '@carillon/core';
import { inOrganization, isTemplateWanted } from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { RequestContext } from '../http/request-context.ts';
import { acceptNotifications, type Edge } from './notifications.ts';
import { toRefusal } from './resolve.ts';

/** What somebody sends to themselves. */
export interface SelfWish {
  /** Id of a template with everything that it needs. */
  templateId: string;
  data: Record<string, unknown>;
  /** Two of the same user with the same mark are one: the second is refused, for a day. */
  mark: string;
  edge: Edge;
  context: RequestContext;
}

/**
 * Sends a template to the caller. Other sends are accepted and then suppressed; this one is refused, so that the
 * person in front of it learns why nothing will come. Throws ConflictError: `template.switched_off` when the template
 * or the caller's preference says so, `notification.duplicate` for a repeat; and what refuses any create.
 */
export async function sendToSelf(
  deps: Pick<ApiDeps, 'db' | 'acceptor' | 'newId' | 'metrics'>,
  caller: UserCaller,
  { templateId, data, mark, edge, context }: SelfWish,
): Promise<NotificationId | undefined> {
  const { id, organizationId } = caller.user;
  const wanted = await inOrganization(deps.db, organizationId, (db) =>
    isTemplateWanted(db, { organizationId, userId: id, templateId }),
  );
  if (!wanted) throw new ConflictError('template.switched_off', 'notification is not enabled');
  const hash = createHash('sha256').update(`${templateId}\0${mark}`).digest('base64url');
  const draft = {
    ...{ to: [{ by: 'id' as const, id }], pointers: [''], strict: true, pointer: '' },
    template: { ref: { by: 'id' as const, id: templateId } },
    content: {
      ...{ title: '', body: '', category: 'general', data, actions: [], targets: [] },
      ...{ url: undefined, icon: undefined, senderId: id, environment: '', project: '' },
      ...{ urgent: false, kinds: undefined, expiresAt: undefined },
    },
  };
  const result = await acceptNotifications(deps, caller, {
    ...{ drafts: [draft], edge, context },
    key: { key: hash, route: `${edge}.self`, bodyHash: hash },
  });
  if (result.replayed) throw new ConflictError('notification.duplicate', 'duplicate notification');
  const [trigger] = result.triggers;
  if (trigger?.outcome === 'refused') throw toRefusal(trigger);
  return trigger?.notifications[0]?.id;
}
