import { useState } from 'preact/hooks';
import { kindName } from '../../kind-name.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import {
  emptyWording,
  hasWording,
  problemsAt,
  type Draft,
  type DraftProblem,
  type Wording,
} from './draft.ts';

interface WordingTabsProps {
  draft: Draft;
  chosen: number;
  onChosen: (index: number) => void;
  onDraft: (draft: Draft) => void;
  problems: readonly DraftProblem[];
}

/** The wordings of a version by kind and language: which one is edited, one more, one less. */
export function WordingTabs({ draft, chosen, onChosen, onDraft, problems }: WordingTabsProps) {
  const [isAdding, setIsAdding] = useState(false);
  const { wordings } = draft;
  const remove = (): void => {
    onDraft({ ...draft, wordings: wordings.toSpliced(chosen, 1) });
    onChosen(0);
  };
  return (
    <div class="wordings" role="group" aria-label="Wordings">
      {wordings.map((wording, index) => {
        const isWrong = problemsAt(problems, `/variants/${index}`).length > 0;
        return (
          <button
            key={index}
            type="button"
            class={isWrong ? 'wording is-wrong' : 'wording'}
            aria-pressed={index === chosen}
            onClick={() => onChosen(index)}
          >
            {nameOfWording(wording)}
            {isWrong && <span class="visually-hidden"> (has problems)</span>}
          </button>
        );
      })}
      <Button look="plain" onClick={() => setIsAdding(true)}>
        Add a wording
      </Button>
      {mayGo(wordings, chosen) && (
        <Button look="plain" onClick={remove}>
          Remove this one
        </Button>
      )}
      {isAdding && (
        <AddWording
          draft={draft}
          base={wordings[chosen] ?? emptyWording}
          onClose={() => setIsAdding(false)}
          onAdd={(wording) => {
            onDraft({ ...draft, wordings: [...wordings, wording] });
            onChosen(wordings.length);
            setIsAdding(false);
          }}
        />
      )}
    </div>
  );
}

/** One wording must be for every kind, so that each channel has a text: the last of those stays. */
function mayGo(wordings: readonly Wording[], index: number): boolean {
  const isGeneral = wordings[index]?.kind === '';
  return wordings.length > 1 && (!isGeneral || wordings.filter(({ kind }) => kind === '').length > 1);
}

function nameOfWording({ kind, locale }: Wording): string {
  return `${kind === '' ? 'Every kind' : kindName(kind)} · ${locale === '' ? 'every language' : locale}`;
}

const kinds: readonly Wording['kind'][] = [
  ...(['', 'inbox', 'email', 'slack', 'msteams', 'discord', 'telegram', 'sms', 'phone_call'] as const),
  ...(['mobile_app', 'mobile_app_critical', 'web_push', 'ntfy', 'gotify', 'webhook'] as const),
];

interface AddWordingProps {
  draft: Draft;
  /** What the new one begins with. */
  base: Wording;
  onClose: () => void;
  onAdd: (wording: Wording) => void;
}

function AddWording({ draft, base, onClose, onAdd }: AddWordingProps) {
  const [kind, setKind] = useState<Wording['kind']>('');
  const [locale, setLocale] = useState('');
  const isThere = hasWording(draft, kind, locale);
  return (
    <FormDialog
      title="Add a wording"
      onClose={onClose}
      onSubmit={() => !isThere && onAdd({ ...base, kind, locale: locale.trim() })}
      button="Add"
      disabled={isThere}
    >
      <SelectField
        label="For which channel kind"
        value={kind}
        choices={kinds.map((value) => ({ value, label: value === '' ? 'Every kind' : kindName(value) }))}
        onValue={setKind}
      />
      <TextField
        label="In which language"
        value={locale}
        onValue={setLocale}
        placeholder="every language"
        hint="For example de or de-CH. It begins with the texts that are shown now."
        wrong={isThere ? 'There is one for this kind and language already.' : undefined}
      />
    </FormDialog>
  );
}
