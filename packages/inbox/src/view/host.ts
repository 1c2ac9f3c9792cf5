import type { Action, InboxItem } from '@carillon/client';
import type { ItemVerb } from '../model/doings.ts';
import type { InboxSession } from '../model/session.ts';
import type { Words } from '../model/words.ts';

/** What the parts of the inbox need of the element that shows them. */
export interface InboxHost {
  words: Words;
  session: InboxSession;
  now: Date;
  /** What paths in items belong to: the page. */
  base: string;
  /** From where pictures may be loaded. */
  pictures: readonly string[] | 'any';
  isExpanded(item: InboxItem): boolean;
  toggleExpanded(item: InboxItem): void;
  act(item: InboxItem, verb: ItemVerb): void;
  explain(item: InboxItem): void;
  openItem(event: MouseEvent, item: InboxItem): void;
  pressAction(event: MouseEvent, item: InboxItem, action: Action): void;
}
