import { useState } from 'preact/hooks';
import type { Answer, Carillon, User } from '@carillon/client';
import { kindName } from '../../kind-name.ts';
import { useLoad } from '../../load.ts';
import { useSettled } from '../../settled.ts';
import { CheckField, TextField } from '../../ui/field.tsx';
import { Empty, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { layerText, toRows, type Effective, type EffectiveRow } from './effective.ts';
import { PreferenceDialog } from './preference-dialog.tsx';
import { StoredPreferences } from './stored-preferences.tsx';

interface Part {
  environment: string;
  project: string;
}

interface Known {
  effective: readonly Effective[];
  stored: Answer<'listPreferences'>;
  /** The kinds by which the organization can reach somebody. */
  used: ReadonlySet<string>;
}

async function loadPreferences(
  api: Carillon,
  user: string,
  { environment, project }: Part,
  signal: AbortSignal,
): Promise<Known> {
  const query = { ...(environment !== '' && { environment }), ...(project !== '' && { project }) };
  const [effective, stored, channels] = await Promise.all([
    api.preferences.effective(user, query, { signal }),
    api.preferences.list(user, { signal }),
    api.channels.list({ signal }),
  ]);
  const used = new Set<string>(['inbox', ...channels.data.map((channel) => channel.kind)]);
  return { effective: effective.data, stored, used };
}

/** What a user wants to be told and by which ways: what holds, with what decides it, and what was chosen. */
export function PreferencesTab({ user }: { user: User }) {
  const [part, setPart] = useState<Part>({ environment: '', project: '' });
  const settled = useSettled(part, 300);
  const [allKinds, setAllKinds] = useState(false);
  const [chosen, setChosen] = useState<Effective>();
  const loaded = useLoad(
    (api, signal) => loadPreferences(api, user.id, settled, signal),
    [user.id, settled.environment, settled.project],
  );
  return (
    <>
      <Panel title="What holds">
        <div class="stack">
          <div class="filters">
            <TextField
              label="In the environment"
              value={part.environment}
              onValue={(environment) => setPart({ ...part, environment })}
              placeholder="any"
            />
            <TextField
              label="Of the project"
              value={part.project}
              onValue={(project) => setPart({ ...part, project })}
              placeholder="any"
            />
            <CheckField label="Also kinds without a channel" checked={allKinds} onChecked={setAllKinds} />
          </div>
          <Shown of={loaded}>
            {({ effective, used }) => {
              const kinds = allKinds ? new Set(effective.map((one) => one.kind)) : used;
              const rows = toRows(effective, kinds);
              if (rows.length === 0) return <Empty title="There is no category" />;
              return <EffectiveTable rows={rows} onChoose={setChosen} />;
            }}
          </Shown>
        </div>
      </Panel>
      <Shown of={loaded}>
        {({ stored }) => (
          <>
            <StoredPreferences user={user} stored={stored} reload={loaded.reload} />
            {chosen !== undefined && (
              <PreferenceDialog
                user={user}
                cell={chosen}
                preferences={stored.data}
                onClose={() => setChosen(undefined)}
                onChanged={() => {
                  setChosen(undefined);
                  loaded.reload();
                }}
              />
            )}
          </>
        )}
      </Shown>
    </>
  );
}

interface EffectiveTableProps {
  rows: readonly EffectiveRow[];
  onChoose: (cell: Effective) => void;
}

function EffectiveTable({ rows, onChoose }: EffectiveTableProps) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="What holds by category and kind">
      <table class="table matrix">
        <caption class="visually-hidden">What holds by category and kind; choose a field to see why</caption>
        <thead>
          <tr>
            <th scope="col">Category</th>
            {rows[0]?.cells.map(({ kind }) => (
              <th key={kind} scope="col">
                {kindName(kind)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ category, cells }) => (
            <tr key={category}>
              <th scope="row">{category}</th>
              {cells.map((cell) => (
                <td key={cell.kind}>
                  <Cell cell={cell} onChoose={onChoose} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ cell, onChoose }: { cell: Effective; onChoose: (cell: Effective) => void }) {
  const { enabled, decided_by: decidedBy, quiet, category, kind } = cell;
  const isOwn = decidedBy === 'preference' || decidedBy === 'template_preference';
  const state = enabled ? 'On' : 'Off';
  return (
    <button type="button" class={`cell ${enabled ? 'on' : 'off'}`} onClick={() => onChoose(cell)}>
      <span class="visually-hidden">
        {category} by {kindName(kind)}:
      </span>{' '}
      <strong>{state}</strong> <span class={isOwn ? 'own' : ''}>{layerText(decidedBy)}</span>
      {enabled && quiet?.quiet_now === true && <span>waits now</span>}
    </button>
  );
}
