import stringWidth from 'string-width';
import type { ConnectionStatus, InboxItem } from '@carillon/client';
import { shownAge, shownInstant } from '../terminal/instants.ts';
import type { Paint } from '../terminal/paint.ts';
import { plain, plainLines } from '../terminal/plain.ts';
import { fit } from '../terminal/table.ts';
import { selectedItem, tabs, type View } from './view.ts';

export interface Screen {
  width: number;
  height: number;
  paint: Paint;
  now: Date;
}

const help = '↑↓ move · enter open · r read/unread · a archive · d dismiss · R all read · tab list · q quit';
const frameLines = 5;

/** The whole screen, one line each: never more lines than fit, and none longer than 40 cells or the screen is wide. */
export function renderInbox(view: View, screen: Screen): string[] {
  const { width, height, paint } = screen;
  const room = Math.max(1, height - frameLines);
  const item = selectedItem(view);
  const detail = view.isOpen && item !== undefined ? renderDetail(item, screen).slice(0, room - 1) : [];
  const list = renderList(view, screen, Math.max(1, room - detail.length));
  const body = [...list, ...detail];
  return [
    header(view, screen),
    tabLine(view, screen),
    '',
    ...body,
    ...Array<string>(Math.max(0, room - body.length)).fill(''),
    view.message === '' ? '' : paint('warning', fit(plain(view.message), width, true)),
    paint('dim', fit(help, width, true)),
  ].slice(0, height);
}

function header({ snapshot }: View, { paint, width }: Screen): string {
  const unread = snapshot.counts?.unread;
  const badge = unread === undefined ? '' : `  ${unread} unread`;
  const { text, tone } = connectionOf(snapshot.connection);
  const room = Math.max(0, width - stringWidth(`Inbox${badge}`) - 2);
  return `${paint('strong', 'Inbox')}${paint('accent', badge)}  ${paint(tone, fit(text, room, true))}`;
}

function connectionOf(connection: ConnectionStatus): {
  text: string;
  tone: 'good' | 'warning' | 'bad' | 'dim';
} {
  switch (connection.state) {
    case 'open':
      return { text: `● live (${connection.transport})`, tone: 'good' };
    case 'connecting':
      return { text: '○ connecting…', tone: 'dim' };
    case 'waiting':
      return {
        text: `○ offline, again in ${Math.ceil(connection.retryInMs / 1_000)} s (c: now)`,
        tone: 'warning',
      };
    case 'refused':
      return { text: `✕ refused: ${plain(connection.error.message)}`, tone: 'bad' };
    case 'stopped':
      return { text: '○ stopped', tone: 'dim' };
    default:
      return connection satisfies never;
  }
}

function tabLine({ tab }: View, { paint }: Screen): string {
  return tabs.map((one) => (one === tab ? paint('accent', `[${one}]`) : ` ${one} `)).join(' ');
}

function renderList(view: View, screen: Screen, room: number): string[] {
  const { items, isLoaded, error, hasMore } = view.snapshot;
  if (items.length === 0) {
    if (error !== undefined) return [screen.paint('bad', fit(plain(error.message), screen.width, true))];
    if (!isLoaded) return [screen.paint('dim', 'Loading…')];
    return [screen.paint('dim', view.tab === 'unread' ? 'All read.' : 'Nothing here.')];
  }
  const selected = selectedItem(view);
  const index = Math.max(0, selected === undefined ? 0 : items.indexOf(selected));
  const start = Math.max(0, Math.min(index - Math.floor(room / 2), items.length - room));
  const rows = items.slice(start, start + room).map((item) => renderRow(item, item === selected, screen));
  const isAtEnd = start + room >= items.length;
  if (hasMore && isAtEnd && rows.length < room) rows.push(screen.paint('dim', '  more below'));
  return rows;
}

function renderRow(item: InboxItem, isSelected: boolean, { width, paint, now }: Screen): string {
  const mark = item.read_at === null ? '●' : ' ';
  const age = shownAge(item.inbox_at, now).padStart(6);
  const title = plain(item.title);
  const rest = plain(item.body) === '' ? '' : ` – ${plain(item.body)}`;
  const text = fit(`${title}${rest}`, Math.max(8, width - 14), true);
  const shown = item.read_at === null ? paint('strong', text) : text;
  return `${isSelected ? paint('accent', '❯') : ' '} ${paint('accent', mark)} ${paint('dim', age)}  ${shown}`;
}

function renderDetail(item: InboxItem, { width, paint }: Screen): string[] {
  const links = [
    ...(item.url === null ? [] : [item.url]),
    ...item.actions.map(({ label, url }) => `${label}: ${url}`),
  ];
  return [
    paint('dim', '─'.repeat(width)),
    paint('strong', fit(plain(item.title), width, true)),
    paint('dim', fit(plain(`${item.category} · ${shownInstant(item.inbox_at)} · ${item.id}`), width, true)),
    ...plainLines(item.body).flatMap((line) => wrap(line, width)),
    ...links.map((link) => paint('accent', fit(plain(link), width, true))),
  ];
}

/** Breaks a line at spaces; a word that is longer than a line is cut. */
function wrap(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && stringWidth(longer) > width) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return [...lines, current].map((one) => fit(one, width, true));
}
