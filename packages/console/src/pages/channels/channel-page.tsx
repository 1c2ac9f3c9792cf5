import { useState } from 'preact/hooks';
import type { Carillon } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad, type Loaded } from '../../load.ts';
import { goTo, hrefTo } from '../../router.ts';
import { tagged } from '../../tagged.ts';
import { Button } from '../../ui/button.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { Facts, PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Instant } from '../../ui/time.tsx';
import { ChannelForm, type ChannelKind, type ChannelWish } from './channel-form.tsx';
import { changeChannel } from './change-channel.ts';
import { ChannelState, CircuitNote } from './channel-state.tsx';
import { GeneratedSecret, type ChannelAtWrite } from './generated-secret.tsx';
import { TestDialog } from './test-dialog.tsx';

interface OneChannel {
  channel: ChannelAtWrite;
  etag: string | undefined;
  kind: ChannelKind;
  kindPaused: boolean;
}

async function loadChannel(api: Carillon, id: string, signal: AbortSignal): Promise<OneChannel> {
  const [{ is: channel, etag }, kinds, paused] = await Promise.all([
    tagged((options) => api.channels.get(id, { ...options, signal })),
    api.channelKinds.list({ signal }),
    api.paused.get({ signal }),
  ]);
  const kind = kinds.data.find((one) => one.kind === channel.kind);
  if (kind === undefined) throw new Error(`This server does not know channels of the kind ${channel.kind}`);
  return { channel, etag, kind, kindPaused: paused.channels.includes(channel.kind) };
}

/** One channel: its settings, how it stands, and a test of it. */
export function ChannelPage({ params }: PageProps) {
  const { id = '' } = params;
  const loaded = useLoad((api, signal) => loadChannel(api, id, signal), [id]);
  return (
    <div class="page">
      <Shown of={loaded}>{(one) => <Inside one={one} loaded={loaded} />}</Shown>
    </div>
  );
}

function Inside({ one, loaded }: { one: OneChannel; loaded: Loaded<OneChannel> }) {
  const { api, say, confirm } = useConsole();
  const { channel, kind, kindPaused } = one;
  const [isTested, setIsTested] = useState(false);
  const save = async (wish: ChannelWish): Promise<void> => {
    const saved = await changeChannel(api, channel, one.etag, wish);
    loaded.put({ ...one, channel: saved.is, etag: saved.etag });
    say('Saved');
  };
  const pausing = useDoing(
    async () => {
      await (channel.paused_at === null ? api.channels.pause(channel.id) : api.channels.resume(channel.id));
      loaded.reload();
    },
    { says: true },
  );
  const removing = useDoing(
    async () => {
      const yes = await confirm({
        ...{ title: `Remove ${channel.name}?`, button: 'Remove', danger: true },
        text: 'What is pending for it is not sent. Its secrets are gone.',
      });
      if (!yes) return;
      await api.channels.delete(channel.id);
      goTo('/channels');
    },
    { says: true },
  );
  return (
    <>
      <PageHead title={channel.name} lead={kind.title} above={<a href={hrefTo('/channels')}>Channels</a>}>
        <Button onClick={() => setIsTested(true)}>Test</Button>
        <Button onClick={() => pausing.run()} busy={pausing.busy}>
          {channel.paused_at === null ? 'Pause' : 'Resume'}
        </Button>
        <Button look="danger" onClick={() => removing.run()} busy={removing.busy}>
          Remove
        </Button>
      </PageHead>
      <CircuitNote circuit={channel.circuit} />
      <GeneratedSecret of={channel} />
      <Panel>
        <Facts
          of={[
            ['State', <ChannelState key="state" channel={channel} kindPaused={kindPaused} />],
            [
              'Paused since',
              channel.paused_at === null ? undefined : <Instant at={channel.paused_at} exact />,
            ],
            ['Deliveries', <a href={hrefTo('/deliveries', { kind: channel.kind })}>of this kind</a>],
            ['Id', <Copyable text={channel.id} />],
            ['Changed', <Instant at={channel.updated_at} exact />],
          ]}
        />
      </Panel>
      <ChannelForm key={channel.updated_at} kind={kind} channel={channel} onSave={save} />
      {isTested && <TestDialog channel={channel} kind={kind} onClose={() => setIsTested(false)} />}
    </>
  );
}
