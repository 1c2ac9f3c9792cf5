import type { ComponentChildren } from 'preact';
import type { User } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { kindName } from '../../kind-name.ts';
import { useDoing } from '../../load.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/page.tsx';
import { Failure } from '../../ui/shown.tsx';
import { Instant } from '../../ui/time.tsx';
import {
  exactOf,
  layerText,
  modeText,
  partText,
  quietLayerText,
  type Effective,
  type Preference,
} from './effective.ts';
import { windowText } from './week-picture.tsx';

interface PreferenceDialogProps {
  user: User;
  cell: Effective;
  preferences: readonly Preference[];
  onClose: () => void;
  onChanged: () => void;
}

/** Why something holds for one category by one kind, and a way to choose otherwise. */
export function PreferenceDialog({ user, cell, preferences, onClose, onChanged }: PreferenceDialogProps) {
  const { api, say } = useConsole();
  const exact = exactOf(preferences, cell);
  const winner = preferences.find((one) => one.id === cell.preference_id);
  const { category, environment, project, kind } = cell;
  const choosing = useDoing(async (enabled: boolean | null) => {
    const quiet = {
      quiet_mode: exact?.quiet_mode ?? null,
      quiet_hours: exact?.quiet_hours ?? null,
    };
    if (enabled === null && exact !== undefined && quiet.quiet_mode === null && quiet.quiet_hours === null) {
      await api.preferences.delete(user.id, exact.id);
    } else {
      await api.preferences.put(user.id, { category, environment, project, kind, enabled, ...quiet });
    }
    say('Saved; what is held is decided again');
    onChanged();
  });
  return (
    <Dialog
      title={partText(cell)}
      onClose={onClose}
      buttons={
        <>
          <Button onClick={onClose}>Close</Button>
          {!cell.mandatory && (
            <>
              {exact?.enabled != null && (
                <Button onClick={() => choosing.run(null)} busy={choosing.busy}>
                  As usual
                </Button>
              )}
              <Button look="primary" onClick={() => choosing.run(!cell.enabled)} busy={choosing.busy}>
                {cell.enabled ? 'Switch off' : 'Switch on'}
              </Button>
            </>
          )}
        </>
      }
    >
      <Facts
        of={[
          ['Now', cell.enabled ? 'on' : 'off'],
          ['Decided by', layerText(cell.decided_by)],
          ['Winning row', winner === undefined ? undefined : partText(winner)],
          ['Set', winner === undefined ? undefined : <Instant at={winner.updated_at} exact />],
          ...quietFacts(cell),
        ]}
      />
      {cell.mandatory && (
        <p class="note">This reaches everybody by {kindName(kind)}: nobody can switch it off.</p>
      )}
      <Failure error={choosing.error} />
    </Dialog>
  );
}

function quietFacts({ quiet }: Effective): (readonly [string, ComponentChildren])[] {
  if (quiet === null) return [['Quiet hours', 'never: the inbox is always filled at once']];
  const { mode, window, quiet_now: quietNow, until, decided_by: decidedBy } = quiet;
  return [
    ['Quiet hours', window === null ? 'none' : windowText(window)],
    ['What they do', modeText(mode)],
    [
      'Right now',
      quietNow ? (
        <>
          waits until <Instant at={until} exact />
        </>
      ) : (
        'goes out at once'
      ),
    ],
    ['That is because of', quietLayerText(decidedBy)],
  ];
}
