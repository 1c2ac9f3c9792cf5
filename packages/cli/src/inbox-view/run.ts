import { emitKeypressEvents } from 'node:readline';
import type { Carillon, LiveInbox } from '@carillon/client';
import type { Cli } from '../cli.ts';
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
} from './view.ts';

const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
/** Ages and the countdown to a reconnect move on by themselves. */
const tickMs = 1_000;
/** A burst of frames is drawn once. */
const drawEveryMs = 40;

/** Shows the inbox on the whole screen, live, until a key ends it. Gives the terminal back as it was. */
export async function runInboxView(cli: Cli, carillon: Carillon): Promise<void> {
  const { stdin, stdout } = cli;
  let live = openTab('all');
  let view: View = {
    tab: 'all',
    snapshot: live.snapshot(),
    selectedId: undefined,
    isOpen: false,
    message: '',
  };
  let drawing: NodeJS.Timeout | undefined;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));

  function openTab(status: Tab): LiveInbox {
    const inbox = carillon.inbox.live({ status, limit: 50 });
    inbox.subscribe((snapshot, arrived) => {
      if (inbox !== live) return;
      const [first] = arrived;
      update({ ...view, snapshot, message: first === undefined ? view.message : `New: ${first.title}` });
    });
    return inbox;
  }

  function update(next: View): void {
    view = next;
    drawing ??= setTimeout(draw, drawEveryMs);
  }

  function draw(): void {
    drawing = undefined;
    const screen = {
      width: stdout.columns ?? 80,
      height: stdout.rows ?? 24,
      paint: cli.paint,
      now: cli.now(),
    };
    const lines = renderInbox(view, screen).map((line) => `${line}\u001b[K`);
    stdout.write(`\u001b[H${lines.join('\r\n')}\u001b[J`);
  }

  /** What fails is told below the list, and the list goes on. */
  function attempt(work: Promise<unknown>, done: string): void {
    work.then(
      () => update({ ...view, message: done }),
      (error: unknown) =>
        update({ ...view, message: error instanceof Error ? error.message : String(error) }),
    );
  }

  function change(verb: 'read' | 'archive' | 'dismiss'): void {
    const item = selectedItem(view);
    if (item === undefined) return;
    const { inbox } = carillon;
    if (verb === 'read') {
      const isRead = item.read_at !== null;
      return attempt(isRead ? inbox.unread(item.id) : inbox.read(item.id), isRead ? 'Unread' : 'Read');
    }
    update(selectNeighbour(view));
    if (verb === 'dismiss') return attempt(inbox.dismiss(item.id), 'Dismissed');
    const isArchived = view.tab === 'archived';
    const done = isArchived ? 'Back in the inbox' : 'Archived';
    return attempt(isArchived ? inbox.unarchive(item.id) : inbox.archive(item.id), done);
  }

  function open(): void {
    const item = selectedItem(view);
    if (item === undefined) return;
    update({ ...view, selectedId: item.id, isOpen: !view.isOpen, message: '' });
    if (view.isOpen && item.read_at === null) attempt(carillon.inbox.read(item.id), '');
  }

  function switchTab(): void {
    const tab = tabs[(tabs.indexOf(view.tab) + 1) % tabs.length] ?? 'all';
    live.stop();
    live = openTab(tab);
    update({ tab, snapshot: live.snapshot(), selectedId: undefined, isOpen: false, message: '' });
  }

  function move(by: number): void {
    update(moveSelection(view, by));
    const { items, hasMore } = view.snapshot;
    if (hasMore && view.selectedId === items.at(-1)?.id) attempt(live.loadMore(), '');
  }

  function onKey(_text: string | undefined, key: Key): void {
    const wish = wishOf(key);
    switch (wish?.do) {
      case undefined:
        return;
      case 'move':
        return move(wish.by);
      case 'first':
        return move(-view.snapshot.items.length);
      case 'last':
        return move(view.snapshot.items.length);
      case 'open':
        return open();
      case 'close':
        return update({ ...view, isOpen: false });
      case 'nextTab':
        return switchTab();
      case 'change':
        return change(wish.verb);
      case 'readAll': {
        const { position } = view.snapshot;
        return attempt(carillon.inbox.readAll(position === undefined ? {} : { up_to: position }), 'All read');
      }
      case 'reconnect':
        return live.reconnect();
      case 'quit':
        return finish();
      default:
        return wish satisfies never;
    }
  }

  const tick = setInterval(() => update(view), tickMs);
  emitKeypressEvents(stdin);
  stdin.setRawMode?.(true);
  stdin.on('keypress', onKey);
  stdin.once('end', finish);
  stdin.resume();
  stdout.on('resize', draw);
  stdout.write(enter);
  draw();
  try {
    await finished;
  } finally {
    clearInterval(tick);
    clearTimeout(drawing);
    live.stop();
    stdin.off('keypress', onKey);
    stdin.setRawMode?.(false);
    stdin.pause();
    stdout.off('resize', draw);
    stdout.write(leave);
  }
}
