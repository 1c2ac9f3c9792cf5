import { useState } from 'preact/hooks';
import type { Answer, Carillon, User } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad } from '../../load.ts';
import { ifStill, tagged } from '../../tagged.ts';
import { Button } from '../../ui/button.tsx';
import { InstantField } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { Empty, Panel } from '../../ui/page.tsx';
import { Failure, Shown, wrongAt } from '../../ui/shown.tsx';
import { Instant } from '../../ui/time.tsx';
import { partText } from './effective.ts';
import { QuietHoursForm } from './quiet-hours-form.tsx';
import { WeekPicture } from './week-picture.tsx';
import type { QuietWindow } from './week.ts';
import { zoneOf } from './zone-of.ts';

type QuietHours = Answer<'getQuietHours'>;
type Preference = Answer<'listPreferences'>['data'][number];

interface Quiet {
  hours: QuietHours;
  etag: string | undefined;
  /** Preferences with windows of their own, which go before. */
  own: readonly Preference[];
  /** What counts where a window names no zone: that of the user, else of the organization. */
  zone: string;
}

async function loadQuiet(api: Carillon, user: User, signal: AbortSignal): Promise<Quiet> {
  const [{ is: hours, etag }, preferences, zone] = await Promise.all([
    tagged((options) => api.quietHours.get(user.id, { ...options, signal })),
    api.preferences.list(user.id, { signal }),
    zoneOf(api, user, signal),
  ]);
  return { hours, etag, own: preferences.data.filter((one) => one.quiet_hours !== null), zone };
}

/** When a user is left in peace. */
export function QuietHoursTab({ user }: { user: User }) {
  const loaded = useLoad((api, signal) => loadQuiet(api, user, signal), [user.id]);
  return (
    <Shown of={loaded}>
      {({ hours, etag, own, zone }) => (
        <>
          <Mute user={user} hours={hours} reload={loaded.reload} />
          <Hours user={user} hours={hours} etag={etag} zone={zone} reload={loaded.reload} />
          {own.map((preference) => (
            <Panel key={preference.id} title={`Other quiet hours: ${partText(preference)}`}>
              {preference.quiet_hours !== null && (
                <WeekPicture window={preference.quiet_hours} zone={zone} now={new Date()} />
              )}
            </Panel>
          ))}
        </>
      )}
    </Shown>
  );
}

interface HoursProps {
  user: User;
  hours: QuietHours;
  etag: string | undefined;
  zone: string;
  reload: () => void;
}

function Hours({ user, hours, etag, zone, reload }: HoursProps) {
  const { api, say } = useConsole();
  const window = windowOf(hours);
  const removing = useDoing(
    async () => {
      await api.quietHours.delete(user.id, ifStill(etag));
      say('There are no quiet hours now');
      reload();
    },
    { says: true },
  );
  return (
    <Panel
      title="Quiet hours"
      tools={
        window !== undefined && (
          <Button onClick={() => removing.run()} busy={removing.busy}>
            Remove them
          </Button>
        )
      }
    >
      <div class="stack">
        {window === undefined ? (
          <Empty title="No quiet hours">What is not urgent goes out at any hour.</Empty>
        ) : (
          <>
            <WeekPicture window={window} zone={zone} now={new Date()} />
            <p class="muted small">
              What is not urgent waits until the end.{' '}
              {hours.urgent_passes ? 'Urgent notifications come through.' : 'Urgent notifications wait too.'}
              {user.zone === null &&
                hours.zone === null &&
                ' The user has no zone: that of the organization counts.'}
            </p>
          </>
        )}
        <QuietHoursForm
          key={hours.updated_at ?? ''}
          hours={hours}
          onSave={async (wish) => {
            await api.quietHours.set(user.id, wish, ifStill(etag));
            say('Saved');
            reload();
          }}
        />
      </div>
    </Panel>
  );
}

function windowOf({ start, end, zone, days }: QuietHours): QuietWindow | undefined {
  return start === null || end === null ? undefined : { start, end, zone, days };
}

function Mute({ user, hours, reload }: { user: User; hours: QuietHours; reload: () => void }) {
  const { api, say } = useConsole();
  const [until, setUntil] = useState('');
  const { muted_until: mutedUntil } = hours;
  const muting = useDoing(async () => {
    await api.quietHours.mute(user.id, { until });
    say('Muted');
    reload();
  });
  const unmuting = useDoing(
    async () => {
      await api.quietHours.unmute(user.id);
      say('No longer muted');
      reload();
    },
    { says: true },
  );
  if (mutedUntil !== null) {
    return (
      <div class="note warn">
        <strong>
          Muted until <Instant at={mutedUntil} exact />
        </strong>
        <span>Everything that is not mandatory is held until then. The inbox goes on.</span>
        <div>
          <Button onClick={() => unmuting.run()} busy={unmuting.busy}>
            End it now
          </Button>
        </div>
      </div>
    );
  }
  return (
    <Panel title="Mute">
      <Form onSubmit={() => muting.run()} class="filters" label="Mute">
        <InstantField
          label="Hold everything until"
          value={until}
          onValue={setUntil}
          wrong={wrongAt(muting.error, '/until')}
          wide
        />
        <Button type="submit" busy={muting.busy} disabled={until === ''}>
          Mute
        </Button>
      </Form>
      <Failure error={muting.error} />
    </Panel>
  );
}
