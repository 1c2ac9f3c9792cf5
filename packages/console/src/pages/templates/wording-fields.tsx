import { Button } from '../../ui/button.tsx';
import { CodeArea } from '../../ui/code-area.tsx';
import { CheckField } from '../../ui/field.tsx';
import type { DraftProblem, Wording } from './draft.ts';

interface WordingFieldsProps {
  wording: Wording;
  /** What is wrong with a field, named as in the API. */
  problemsAt: (field: string) => readonly DraftProblem[];
  onWording: (wording: Wording) => void;
}

/** As many buttons as a notification may have. */
const actionsMax = 5;

/** One wording of a version: title, text, buttons and links. */
export function WordingFields({ wording, problemsAt, onWording }: WordingFieldsProps) {
  const set = (changes: Partial<Wording>): void => onWording({ ...wording, ...changes });
  return (
    <div class="stack">
      <CodeArea
        label="Title"
        value={wording.title}
        onValue={(title) => set({ title: title.replaceAll('\n', ' ') })}
        problems={problemsAt('title')}
        rows={1}
      />
      <CodeArea
        label="Text (Markdown)"
        hint="{{name}} is replaced by data."
        value={wording.body}
        onValue={(body) => set({ body })}
        problems={problemsAt('body')}
        rows={8}
      />
      <Buttons wording={wording} problemsAt={problemsAt} set={set} />
      <details open={wording.url !== null || wording.icon !== null}>
        <summary>Link and picture</summary>
        <div class="stack">
          <CodeArea
            label="Where a click leads (optional)"
            value={wording.url ?? ''}
            onValue={(url) => set({ url: url.trim() === '' ? null : url })}
            problems={problemsAt('url')}
            rows={1}
          />
          <CodeArea
            label="Address of a picture (optional)"
            value={wording.icon ?? ''}
            onValue={(icon) => set({ icon: icon.trim() === '' ? null : icon })}
            problems={problemsAt('icon')}
            rows={1}
          />
        </div>
      </details>
    </div>
  );
}

interface ButtonsProps {
  wording: Wording;
  problemsAt: WordingFieldsProps['problemsAt'];
  set: (changes: Partial<Wording>) => void;
}

function Buttons({ wording: { actions }, problemsAt, set }: ButtonsProps) {
  type Action = Wording['actions'][number];
  const change = (index: number, action: Action): void => set({ actions: actions.with(index, action) });
  return (
    <fieldset class="stack tight">
      <legend>Buttons under it</legend>
      {actions.map((action, index) => (
        <div key={index} class="action-fields">
          <CodeArea
            label={`Button ${index + 1} says`}
            value={action.label}
            onValue={(label) => change(index, { ...action, label })}
            problems={problemsAt(`actions/${index}/label`)}
            rows={1}
          />
          <CodeArea
            label={`Button ${index + 1} leads to`}
            value={action.url}
            onValue={(url) => change(index, { ...action, url })}
            problems={problemsAt(`actions/${index}/url`)}
            rows={1}
          />
          <CheckField
            label="Acknowledges"
            checked={action.type === 'acknowledge'}
            onChecked={(isOn) => {
              const { label, url } = action;
              change(index, isOn ? { label, url, type: 'acknowledge' } : { label, url });
            }}
          />
          <Button
            look="plain"
            onClick={() => set({ actions: actions.toSpliced(index, 1) })}
            aria-label={`Remove button ${index + 1}`}
          >
            Remove
          </Button>
        </div>
      ))}
      {actions.length < actionsMax && (
        <div>
          <Button onClick={() => set({ actions: [...actions, { label: 'Show', url: 'https://' }] })}>
            Add a button
          </Button>
        </div>
      )}
    </fieldset>
  );
}
