import type { InboxItem } from '@carillon/client';
import type { InboxSession } from './session.ts';
import type { Toasts } from './toasts.ts';
import type { Words } from './words.ts';

/** What a person can do with an item, each of which can be undone. */
export type ItemVerb = 'read' | 'unread' | 'archive' | 'unarchive' | 'dismiss';

/** What takes it back, and what is said when it is done. */
const verbs = {
  read: ['unread', 'didRead'],
  unread: ['read', 'didUnread'],
  archive: ['unarchive', 'didArchive'],
  dismiss: ['unarchive', 'didDismiss'],
  unarchive: ['archive', 'didUnarchive'],
} as const;

export interface DoingsDeps {
  words(): Words;
  toasts: Toasts;
  changed(): void;
}

/** What is done with items, and told to the person: done, with a way back; or not done. Never rejects. */
export interface Doings {
  act(session: InboxSession, item: InboxItem, verb: ItemVerb): Promise<void>;
  /** All that is in the list as it is drawn; what arrives meanwhile stays unread. */
  readAll(session: InboxSession, drawn: string | undefined): Promise<void>;
  loadMore(session: InboxSession): Promise<void>;
  isLoadingMore(): boolean;
}

export function createDoings({ words, toasts, changed }: DoingsDeps): Doings {
  let loading: InboxSession | undefined;

  async function tell(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch {
      toasts.show(words().text('failed'));
    }
  }

  const doings: Doings = {
    act: (session, item, verb) =>
      tell(async () => {
        await session.client.inbox[verb](item.id);
        const [inverse, did] = verbs[verb];
        toasts.show(words().text(did), () => void doings.act(session, item, inverse));
      }),
    readAll: (session, drawn) =>
      tell(async () => {
        const answer = await session.client.inbox.readAll(drawn === undefined ? {} : { up_to: drawn });
        toasts.show(words().count('didReadAll', answer.changed));
      }),
    async loadMore(session) {
      if (loading === session) return;
      loading = session;
      changed();
      await tell(() => session.loadMore());
      if (loading === session) loading = undefined;
      changed();
    },
    isLoadingMore: () => loading !== undefined,
  };
  return doings;
}
