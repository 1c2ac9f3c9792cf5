import type { CallOptions } from './call.ts';
import { connect, type CarillonOptions } from './connect.ts';
import { inboxOperations } from './inbox-operations.ts';
import { inboxVerbs } from './verbs/inbox.ts';
import { preferenceVerbs, quietHoursVerbs } from './verbs/preferences.ts';

export type InboxClient = ReturnType<typeof createInboxClient>;

/**
 * The part of a client that one user's page needs: inbox, preferences and quiet hours. Less than half of it has to
 * be loaded; for the rest it is as `createCarillon` makes it.
 */
export function createInboxClient(options: CarillonOptions) {
  const { call, hub } = connect(options, inboxOperations);
  return {
    inbox: inboxVerbs(call, hub),
    preferences: preferenceVerbs(call),
    quietHours: quietHoursVerbs(call),
    categories: {
      list: (callOptions?: CallOptions) => call('listCategories', {}, callOptions),
    },
  };
}
