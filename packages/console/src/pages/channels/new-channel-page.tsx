import { useState } from 'preact/hooks';
import { useConsole } from '../../console-context.ts';
import { useLoad } from '../../load.ts';
import { goTo, hrefTo } from '../../router.ts';
import { PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { ChannelForm, type ChannelKind } from './channel-form.tsx';
import { GeneratedSecret, type ChannelAtWrite } from './generated-secret.tsx';

/** Sets up a channel: first its kind (`?kind=`), then what that kind asks for. */
export function NewChannelPage({ query }: PageProps) {
  const { api } = useConsole();
  const loaded = useLoad((client, signal) => client.channelKinds.list({ signal }), []);
  const [made, setMade] = useState<ChannelAtWrite>();
  const chosen = query.get('kind');
  const above = <a href={hrefTo('/channels')}>Channels</a>;

  if (made !== undefined) {
    return (
      <div class="page">
        <PageHead title={`${made.name} is set up`} above={above}>
          <a class="button primary" href={hrefTo(`/channels/${made.id}`)}>
            Go to the channel
          </a>
        </PageHead>
        <GeneratedSecret of={made} />
      </div>
    );
  }
  return (
    <div class="page">
      <Shown of={loaded}>
        {({ data: kinds }) => {
          const kind = kinds.find((one) => one.kind === chosen);
          if (kind === undefined) return <ChooseKind kinds={kinds} />;
          return (
            <>
              <PageHead
                title={`Add a channel: ${kind.title}`}
                lead={leadOf(kind)}
                above={<a href={hrefTo('/channels/new')}>Another kind</a>}
              />
              <ChannelForm
                kind={kind}
                channel={undefined}
                onSave={async (wish) => {
                  const channel = await api.channels.create({ ...wish, kind: kind.kind });
                  if (channel.generated?.secret === undefined) goTo(`/channels/${channel.id}`);
                  else setMade(channel);
                }}
              />
            </>
          );
        }}
      </Shown>
    </div>
  );
}

function ChooseKind({ kinds }: { kinds: readonly ChannelKind[] }) {
  return (
    <>
      <PageHead
        title="Add a channel"
        lead="Choose how it reaches people."
        above={<a href={hrefTo('/channels')}>Channels</a>}
      />
      <Panel>
        <ul class="kind-choice">
          {kinds.map((kind) => (
            <li key={kind.kind}>
              <a href={hrefTo('/channels/new', { kind: kind.kind })}>
                <strong>{kind.title}</strong>
                <span class="muted small">{leadOf(kind)}</span>
              </a>
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

function leadOf({ contact_point: contactPoint }: ChannelKind): string {
  return contactPoint === null
    ? 'One target for everybody: people need no address of their own.'
    : 'To the address that each person has for it.';
}
