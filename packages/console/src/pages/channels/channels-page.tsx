import { useState } from 'preact/hooks';
import type { Answer, Carillon, Channel } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad } from '../../load.ts';
import { hrefTo } from '../../router.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Table } from '../../ui/keyset-table.tsx';
import { Empty, PageHead, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Instant } from '../../ui/time.tsx';
import type { ChannelKind } from './channel-form.tsx';
import { moved } from './channel-order.ts';
import { ChannelState } from './channel-state.tsx';
import { TestDialog } from './test-dialog.tsx';

interface Everything {
  channels: readonly Channel[];
  mode: Answer<'listChannels'>['delivery_mode'];
  kinds: readonly ChannelKind[];
  paused: ReadonlySet<string>;
}

async function loadEverything(api: Carillon, signal: AbortSignal): Promise<Everything> {
  const [channels, kinds, paused] = await Promise.all([
    api.channels.list({ signal }),
    api.channelKinds.list({ signal }),
    api.paused.get({ signal }),
  ]);
  return {
    ...{ channels: channels.data, mode: channels.delivery_mode, kinds: kinds.data },
    paused: new Set(paused.channels),
  };
}

/** Ways out of this organization, by kind, in the order in which they are used. */
export function ChannelsPage() {
  const loaded = useLoad(loadEverything, [], { everyMs: 10_000 });
  return (
    <div class="page">
      <PageHead
        title="Channels"
        lead="Ways to reach people. Of several of one kind the first is used, and the next where it fails."
      >
        <a class="button primary" href={hrefTo('/channels/new')}>
          Add a channel
        </a>
      </PageHead>
      <Shown of={loaded}>{(all) => <KindPanels all={all} reload={loaded.reload} />}</Shown>
    </div>
  );
}

function KindPanels({ all, reload }: { all: Everything; reload: () => void }) {
  const { channels, kinds, mode } = all;
  const used = kinds.filter(({ kind }) => channels.some((channel) => channel.kind === kind));
  return (
    <>
      {mode !== 'live' && (
        <div class="note warn">
          <strong>This installation is on trial ({mode})</strong>
          <span>Messages are kept back and written down instead of being sent.</span>
        </div>
      )}
      {used.length === 0 && (
        <Panel>
          <Empty title="No channel is set up">Only the inbox reaches people until you add one.</Empty>
        </Panel>
      )}
      {used.map((kind) => (
        <KindPanel
          key={kind.kind}
          kind={kind}
          channels={channels.filter((channel) => channel.kind === kind.kind)}
          isPaused={all.paused.has(kind.kind)}
          reload={reload}
        />
      ))}
    </>
  );
}

interface KindPanelProps {
  kind: ChannelKind;
  channels: readonly Channel[];
  isPaused: boolean;
  reload: () => void;
}

function KindPanel({ kind, channels, isPaused, reload }: KindPanelProps) {
  const { api, say } = useConsole();
  const [tested, setTested] = useState<Channel>();
  const moving = useDoing(
    async (channel: Channel, by: -1 | 1) => {
      for (const { id, position } of moved(channels, channel.id, by))
        await api.channels.update(id, { position });
      say(`${channel.name} is ${by < 0 ? 'before' : 'after'} its neighbour now`);
      reload();
    },
    { says: true },
  );
  const pausing = useDoing(
    async (channel: Channel) => {
      const isOn = channel.paused_at === null;
      await (isOn ? api.channels.pause(channel.id) : api.channels.resume(channel.id));
      say(isOn ? `${channel.name} is paused: its deliveries wait` : `${channel.name} runs again`);
      reload();
    },
    { says: true },
  );
  return (
    <Panel
      title={kind.title}
      flush
      tools={isPaused && <Badge tone="warn">all channels of this kind are paused</Badge>}
    >
      <Table
        caption={`Channels of the kind ${kind.title}`}
        rows={channels}
        keyOf={(channel) => channel.id}
        columns={[
          {
            title: 'Name',
            cell: (channel) => (
              <>
                <a href={hrefTo(`/channels/${channel.id}`)}>{channel.name}</a>
                <span class="sub">{targetOf(channel)}</span>
              </>
            ),
          },
          { title: 'State', cell: (channel) => <ChannelState channel={channel} kindPaused={isPaused} /> },
          { title: 'Changed', class: 'narrow', cell: (channel) => <Instant at={channel.updated_at} /> },
          {
            title: 'Order',
            class: 'narrow',
            cell: (channel) => (
              <Order channel={channel} among={channels} busy={moving.busy} onMove={moving.run} />
            ),
          },
          {
            title: 'What to do',
            class: 'narrow',
            cell: (channel) => (
              <span class="row nowrap-row">
                <Button onClick={() => setTested(channel)} aria-label={`Test ${channel.name}`}>
                  Test
                </Button>
                <Button
                  onClick={() => pausing.run(channel)}
                  busy={pausing.busy}
                  aria-label={`${channel.paused_at === null ? 'Pause' : 'Resume'} ${channel.name}`}
                >
                  {channel.paused_at === null ? 'Pause' : 'Resume'}
                </Button>
              </span>
            ),
          },
        ]}
      />
      {tested !== undefined && (
        <TestDialog channel={tested} kind={kind} onClose={() => setTested(undefined)} />
      )}
    </Panel>
  );
}

interface OrderProps {
  channel: Channel;
  among: readonly Channel[];
  busy: boolean;
  onMove: (channel: Channel, by: -1 | 1) => unknown;
}

function Order({ channel, among, busy, onMove }: OrderProps) {
  const index = among.indexOf(channel);
  if (among.length === 1) return <span class="muted">only one</span>;
  return (
    <span class="row nowrap-row">
      <span>{index + 1}.</span>
      <Button
        look="plain"
        disabled={busy || index === 0}
        onClick={() => onMove(channel, -1)}
        aria-label={`Use ${channel.name} earlier`}
      >
        ↑
      </Button>
      <Button
        look="plain"
        disabled={busy || index === among.length - 1}
        onClick={() => onMove(channel, 1)}
        aria-label={`Use ${channel.name} later`}
      >
        ↓
      </Button>
    </span>
  );
}

/** What tells channels of one kind apart at a glance; never a secret. */
function targetOf({ settings }: Channel): string {
  const shown = ['url', 'base_url', 'from', 'provider', 'apns_topic'].map((name) => settings[name]);
  return shown.find((value): value is string => typeof value === 'string') ?? '';
}
