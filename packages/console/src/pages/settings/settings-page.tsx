import type { Paused } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { kindName } from '../../kind-name.ts';
import { useDoing, useLoad, type Loaded } from '../../load.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CheckField } from '../../ui/field.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Instant } from '../../ui/time.tsx';
import { HealthPanel } from './health-panel.tsx';

/** Holding things back, and how the API itself is. */
export function SettingsPage() {
  const paused = useLoad((api, signal) => api.paused.get({ signal }), []);
  return (
    <div class="page">
      <PageHead title="Settings" lead="Hold everything back for a while, and see what this server runs on." />
      <Shown of={paused}>{(data) => <PausePanels paused={data} of={paused} />}</Shown>
      <HealthPanel />
    </div>
  );
}

function PausePanels({ paused, of }: { paused: Paused; of: Loaded<Paused> }) {
  return (
    <>
      <Panel title="The organization">
        <OrganizationPause paused={paused} onChanged={of.put} />
      </Panel>
      <Panel title="Channel kinds">
        <KindPauses paused={paused} onChanged={of.put} />
      </Panel>
    </>
  );
}

interface PauseProps {
  paused: Paused;
  onChanged: (paused: Paused) => void;
}

function OrganizationPause({ paused, onChanged }: PauseProps) {
  const { api, confirm, say } = useConsole();
  const isPaused = paused.paused;
  const { busy, run } = useDoing(
    async () => {
      const question = isPaused
        ? { title: 'Resume?', text: 'Everything that waited becomes due at once.', button: 'Resume' }
        : {
            title: 'Pause the organization?',
            text: 'Notifications are accepted and wait: nothing enters an inbox, and nothing is sent, until it is resumed.',
            button: 'Pause everything',
          };
      if (!(await confirm({ ...question, danger: !isPaused }))) return;
      onChanged(await api.paused.set({ paused: !isPaused }));
      say(isPaused ? 'It runs again' : 'Everything waits');
    },
    { says: true },
  );
  return (
    <div class="row spread">
      <div>
        <p class="row">
          <Badge tone={isPaused ? 'warn' : 'good'}>{isPaused ? 'paused' : 'running'}</Badge>
          {isPaused && (
            <span class="small muted">
              since <Instant at={paused.paused_at} exact />
            </span>
          )}
        </p>
        <p class="small muted">
          {isPaused
            ? 'What is accepted waits. Nothing is lost, and nothing is late that is not late anyway.'
            : 'Notifications enter inboxes and are delivered.'}
        </p>
      </div>
      <Button look={isPaused ? 'primary' : 'danger'} busy={busy} onClick={() => run()}>
        {isPaused ? 'Resume' : 'Pause everything'}
      </Button>
    </div>
  );
}

function KindPauses({ paused, onChanged }: PauseProps) {
  const { api, say } = useConsole();
  const kinds = useLoad((client, signal) => client.channelKinds.list({ signal }), []);
  const { busy, run } = useDoing(
    async (kind: string, waits: boolean) => {
      const known = kinds.data?.data.map((one) => one.kind) ?? [];
      const channels = known.filter((one) => (one === kind ? waits : paused.channels.includes(one)));
      onChanged(await api.paused.set({ channels }));
      say(waits ? `${kindName(kind)} waits` : `${kindName(kind)} goes out again`);
    },
    { says: true },
  );
  return (
    <div class="stack tight">
      <p class="small muted">What goes by a kind that is checked waits; everything else goes on.</p>
      <Shown of={kinds}>
        {({ data }) => (
          <div class="form columns">
            {data.map(({ kind }) => (
              <CheckField
                key={kind}
                label={`Hold back: ${kindName(kind)}`}
                checked={paused.channels.includes(kind)}
                disabled={busy}
                onChecked={(waits) => void run(kind, waits)}
              />
            ))}
          </div>
        )}
      </Shown>
    </div>
  );
}
