import type { Overview } from '@carillon/client';
import { kindName } from '../../kind-name.ts';
import { hrefTo } from '../../router.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Table, type Column } from '../../ui/keyset-table.tsx';
import { Empty } from '../../ui/page.tsx';
import { counted } from './figures.tsx';

type Kind = Overview['kinds'][number];

const columns: readonly Column<Kind>[] = [
  {
    title: 'Kind',
    cell: ({ kind, channels }) => (
      <>
        {kindName(kind)}
        <span class="sub">{channels === 1 ? '1 channel' : `${channels} channels`}</span>
      </>
    ),
  },
  {
    title: 'Health',
    class: 'narrow',
    cell: (kind) => <Badge tone={healthOf(kind).tone}>{healthOf(kind).word}</Badge>,
  },
  { title: 'Due', class: 'number', cell: ({ due }) => counted(due) },
  { title: 'Waiting', class: 'number', cell: ({ held }) => counted(held) },
  { title: 'Sent', class: 'number', cell: ({ sent }) => counted(sent) },
  { title: 'Failed', class: 'number', cell: ({ failed }) => counted(failed) },
  {
    title: 'Dead letters',
    class: 'number',
    cell: ({ kind, dead_letters: dead }) =>
      dead === 0 ? '0' : <a href={hrefTo('/dead-letters', { kind })}>{counted(dead)}</a>,
  },
];

/** Each channel kind that there is something of. */
export function KindTable({ kinds }: { kinds: readonly Kind[] }) {
  if (kinds.length === 0) {
    return (
      <Empty title="There is no channel yet">
        Notifications reach inboxes only. <a href={hrefTo('/channels/new')}>Set up a channel</a>
      </Empty>
    );
  }
  return <Table caption="Channel kinds" rows={kinds} columns={columns} keyOf={({ kind }) => kind} />;
}

/** What is to be known first of a kind. */
export function healthOf(kind: Kind): { word: string; tone: Tone } {
  const { channels, enabled, paused, not_answering: silent, failed, sent } = kind;
  if (channels === 0) return { word: 'no channel', tone: 'quiet' };
  if (enabled === 0) return { word: 'switched off', tone: 'quiet' };
  if (kind.is_paused || paused === channels) return { word: 'paused', tone: 'warn' };
  if (silent >= enabled) return { word: 'not answering', tone: 'bad' };
  if (silent > 0) return { word: 'in part', tone: 'warn' };
  if (failed > sent) return { word: 'failing', tone: 'bad' };
  return { word: 'working', tone: 'good' };
}
