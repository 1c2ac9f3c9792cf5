import { useState } from 'preact/hooks';
import type { Body, ReplayResult } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad } from '../../load.ts';
import { CheckField, SelectField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Shown } from '../../ui/shown.tsx';

type Replay = Body<'replayDeadLetters'>;

/** What is to be sent again: these, or all that fit. An empty filter is all that there are. */
export type Selection = { ids: string[] } | { filter: Readonly<Record<string, string>> };

const renderChoices = [
  { value: 'original', label: 'The message that was kept' },
  { value: 'fresh', label: 'Rendered again, by the template of today' },
] as const;

/** The API wants a filter to say something. */
const ever = '1970-01-01T00:00:00.000Z';

interface ReplayDialogProps {
  selection: Selection;
  onClose: () => void;
  onDone: () => void;
}

/** Tells what a replay would do, by a dry run, before it is done. */
export function ReplayDialog({ selection, onClose, onDone }: ReplayDialogProps) {
  const { api, say } = useConsole();
  const [render, setRender] = useState<'original' | 'fresh'>('original');
  const [takesUnknown, setTakesUnknown] = useState(false);
  const [takesExpired, setTakesExpired] = useState(false);
  const wish: Replay = {
    ...('ids' in selection
      ? { ids: selection.ids }
      : { filter: { settled_after: ever, ...selection.filter } }),
    ...{ render, include_unknown: takesUnknown, include_expired: takesExpired },
  };
  const trial = useLoad(
    (client, signal) => client.deadLetters.replay({ ...wish, dry_run: true }, { signal }),
    [render, takesUnknown, takesExpired],
  );
  const { busy, error, run } = useDoing(async () => {
    const { replayed } = await api.deadLetters.replay(wish);
    say(replayed === 1 ? 'One delivery is due again' : `${replayed} deliveries are due again`);
    onDone();
  });
  const count = trial.data?.replayed ?? 0;
  return (
    <FormDialog
      title="Send again?"
      onClose={onClose}
      onSubmit={run}
      button={`Send ${count} again`}
      busy={busy}
      disabled={trial.busy || count === 0}
      error={error}
    >
      <SelectField label="What is sent" value={render} onValue={setRender} choices={renderChoices} />
      <CheckField
        label="Also what may have arrived: it may arrive twice"
        checked={takesUnknown}
        onChecked={setTakesUnknown}
      />
      <CheckField
        label="Also what has expired meanwhile"
        checked={takesExpired}
        onChecked={setTakesExpired}
      />
      <div role="status">
        <Shown of={trial}>{(result) => <Trial result={result} />}</Shown>
      </div>
    </FormDialog>
  );
}

function Trial({ result }: { result: ReplayResult }) {
  const { matched, replayed, skipped } = result;
  const left = [
    { count: skipped.unknown, why: 'may have arrived' },
    { count: skipped.expired, why: 'expired' },
    { count: skipped.cancelled, why: 'were cancelled' },
    { count: skipped.deleted, why: 'are gone, or their recipient is' },
  ].filter(({ count }) => count > 0);
  return (
    <div class={replayed === 0 ? 'note warn' : 'note'}>
      <strong>
        Dry run: {replayed} of {matched} would be sent again
      </strong>
      {left.map(({ count, why }) => (
        <span key={why} class="small">
          {count} left out: they {why}
        </span>
      ))}
    </div>
  );
}
