import { useLoad } from '../../load.ts';
import { hrefTo } from '../../router.ts';
import { CodeArea } from '../../ui/code-area.tsx';
import { SelectField } from '../../ui/field.tsx';
import type { Draft, DraftProblem } from './draft.ts';

interface FrameFieldsProps {
  draft: Draft;
  set: (changes: Partial<Draft>) => void;
  problemsAt: (place: string) => readonly DraftProblem[];
}

const missing = [
  { value: 'empty', label: 'print nothing' },
  { value: 'refuse', label: 'are refused: nothing is sent' },
] as const;

/** What stands around the texts, and what their data must be. */
export function FrameFields({ draft, set, problemsAt }: FrameFieldsProps) {
  const parts = useLoad((api, signal) => api.templateParts.list({ signal }), []);
  const choices = (part: string, present: string) => {
    const keys = (parts.data?.data ?? []).filter((one) => one.part === part).map(({ key }) => key);
    const all = present === '' || keys.includes(present) ? keys : [...keys, present];
    return [{ value: '', label: 'none' }, ...all.map((key) => ({ value: key, label: key }))];
  };
  return (
    <>
      <div class="form columns">
        <SelectField
          label="Variables without data"
          value={draft.onMissing}
          choices={missing}
          onValue={(onMissing) => set({ onMissing })}
        />
        <SelectField
          label="Layout"
          value={draft.layout}
          choices={choices('layout', draft.layout)}
          onValue={(layout) => set({ layout })}
          wrong={problemsAt('/layout')[0]?.detail}
        />
        <SelectField
          label="Layout for mails"
          value={draft.mailLayout}
          choices={choices('mail_layout', draft.mailLayout)}
          onValue={(mailLayout) => set({ mailLayout })}
          wrong={problemsAt('/mail_layout')[0]?.detail}
        />
      </div>
      <PartProblems problems={problemsAt('/partials')} />
      <details open={draft.schema !== ''}>
        <summary>Schema of the data</summary>
        <CodeArea
          label="JSON Schema (optional)"
          hint="A call whose data do not fit is refused."
          value={draft.schema}
          onValue={(schema) => set({ schema })}
          problems={problemsAt('/data_schema')}
          rows={4}
          tags={false}
        />
      </details>
    </>
  );
}

function PartProblems({ problems }: { problems: readonly DraftProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <div class="note bad">
      {problems.map(({ place, detail, line, column }) => {
        const key = place.split('/')[2] ?? '';
        return (
          <span key={`${place}-${line}-${column}`}>
            Partial <a href={hrefTo(`/template-parts/partial/${key}`)}>{key}</a>, line {line}, column {column}
            : {detail}
          </span>
        );
      })}
    </div>
  );
}
