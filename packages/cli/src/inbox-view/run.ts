import type { Carillon, LiveInbox } from '@carillon/client';
import type { Cli } from '../cli.ts';
import { openFullScreen } from './full-screen.ts';
import { renderInbox } from './render.ts';
import {
  moveSelection,
  selectedItem,
  selectNeighbour,
  tabs,
  wishOf,
  type Key,
  type Tab,
  type View,
  type Wish,
} from './view.ts';

/** An inbox that somebody looks at. */
interface Looking {
  inbox: Carillon['inbox'];
  live: LiveInbox;
  view: View;
  redraw: () => void;
  finish: () => void;
}

const pageItems = 50;

/** Shows the inbox on the whole screen, live, until a key ends it. */
export async function runInboxView(cli: Cli, carillon: Carillon): Promise<void> {
  const { inbox } = carillon;
  const live = inbox.live({ status: 'all', limit: pageItems });
  const looking: Looking = {
    ...{ inbox, live, redraw: () => undefined, finish: () => undefined },
    view: { tab: 'all', snapshot: live.snapshot(), selectedId: undefined, isOpen: false, message: '' },
  };
  const finished = new Promise<void>((resolve) => {
    looking.finish = resolve;
  });
  const screen = openFullScreen(cli, {
    render: (size) => renderInbox(looking.view, { ...size, paint: cli.paint, now: cli.now() }),
    onKey: (key) => onKey(looking, key),
    onEnd: looking.finish,
  });
  looking.redraw = screen.redraw;
  watch(looking, live);
  try {
    await finished;
  } finally {
    looking.live.stop();
    screen.close();
  }
}

function update(looking: Looking, change: Partial<View>): void {
  looking.view = { ...looking.view, ...change };
  looking.redraw();
}

function watch(looking: Looking, live: LiveInbox): void {
  live.subscribe((snapshot, arrived) => {
    if (live !== looking.live) return;
    const [first] = arrived;
    update(looking, { snapshot, ...(first !== undefined && { message: `New: ${first.title}` }) });
  });
}

function showTab(looking: Looking, tab: Tab): void {
  looking.live.stop();
  looking.live = looking.inbox.live({ status: tab, limit: pageItems });
  watch(looking, looking.live);
  const snapshot = looking.live.snapshot();
  update(looking, { tab, snapshot, selectedId: undefined, isOpen: false, message: '' });
}

function onKey(looking: Looking, key: Key): void {
  const wish = wishOf(key);
  if (wish === undefined) return undefined;
  if (wish.do === 'change') return change(looking, wish.verb);
  return obey(looking, wish);
}

function obey(looking: Looking, wish: Exclude<Wish, { do: 'change' }>): void {
  const { view, live, inbox } = looking;
  const { items, position } = view.snapshot;
  switch (wish.do) {
    case 'move':
      return move(looking, wish.by);
    case 'first':
      return move(looking, -items.length);
    case 'last':
      return move(looking, items.length);
    case 'open':
      return open(looking);
    case 'close':
      return update(looking, { isOpen: false });
    case 'nextTab':
      return showTab(looking, tabs[(tabs.indexOf(view.tab) + 1) % tabs.length] ?? 'all');
    case 'readAll':
      return attempt(looking, inbox.readAll(position === undefined ? {} : { up_to: position }), 'All read');
    case 'reconnect':
      return live.reconnect();
    case 'quit':
      return looking.finish();
    default:
      return wish satisfies never;
  }
}

/** What fails is told below the list, and the list goes on. */
function attempt(looking: Looking, work: Promise<unknown>, message: string): void {
  work.then(
    () => update(looking, { message }),
    (error: unknown) => update(looking, { message: error instanceof Error ? error.message : String(error) }),
  );
}

function move(looking: Looking, by: number): void {
  update(looking, moveSelection(looking.view, by));
  const { snapshot, selectedId } = looking.view;
  const isAtEnd = selectedId === snapshot.items.at(-1)?.id;
  if (snapshot.hasMore && isAtEnd) attempt(looking, looking.live.loadMore(), '');
}

function open(looking: Looking): void {
  const { inbox, view } = looking;
  const item = selectedItem(view);
  if (item === undefined) return;
  update(looking, { selectedId: item.id, isOpen: !view.isOpen, message: '' });
  if (!view.isOpen && item.read_at === null) attempt(looking, inbox.read(item.id), '');
}

function change(looking: Looking, verb: 'read' | 'archive' | 'dismiss'): void {
  const { inbox, view } = looking;
  const item = selectedItem(view);
  if (item === undefined) return undefined;
  if (verb === 'read') {
    const isRead = item.read_at !== null;
    return attempt(looking, isRead ? inbox.unread(item.id) : inbox.read(item.id), isRead ? 'Unread' : 'Read');
  }
  update(looking, selectNeighbour(view));
  if (verb === 'dismiss') return attempt(looking, inbox.dismiss(item.id), 'Dismissed');
  if (view.tab === 'archived') return attempt(looking, inbox.unarchive(item.id), 'Back in the inbox');
  return attempt(looking, inbox.archive(item.id), 'Archived');
}
