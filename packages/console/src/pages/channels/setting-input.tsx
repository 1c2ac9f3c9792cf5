import { Button } from '../../ui/button.tsx';
import { Field, SelectField, TextField } from '../../ui/field.tsx';
import type { SettingDraft, SettingField } from './settings-form.ts';

interface SettingInputProps {
  field: SettingField;
  draft: SettingDraft;
  /** What is stored, as it may be shown; undefined where nothing is. */
  stored: string | undefined;
  wrong: string | undefined;
  onDraft: (draft: SettingDraft) => void;
}

/** One setting of a channel, drawn by its schema. */
export function SettingInput(props: SettingInputProps) {
  const { input } = props.field;
  if (input.type === 'secret') return <SecretInput {...props} long={input.long} />;
  if (input.type === 'choice') return <ChoiceInput {...props} choices={input.choices} />;
  if (input.type === 'flag') return <ChoiceInput {...props} choices={['true', 'false']} />;
  const { required, usual, example } = props.field;
  return (
    <TextField
      {...tiesOf(props)}
      required={required}
      type={input.type === 'number' ? 'number' : 'text'}
      placeholder={usual === '' ? example : usual}
    />
  );
}

function ChoiceInput({ choices, ...props }: SettingInputProps & { choices: readonly string[] }) {
  const ties = tiesOf(props);
  const { required, usual } = props.field;
  const nothing = { value: '', label: usual === '' ? 'not set' : `as usual (${usual})` };
  const shown = choices.map((choice) => ({ value: choice, label: flagWords[choice] ?? choice }));
  return <SelectField {...ties} choices={required && ties.value !== '' ? shown : [nothing, ...shown]} />;
}

const flagWords: Readonly<Record<string, string>> = { true: 'yes', false: 'no' };

function tiesOf({ field, draft, stored, wrong, onDraft }: SettingInputProps) {
  const typed = draft.as === 'typed' ? draft.text : '';
  return {
    ...{ label: labelOf(field), wrong, hint: hintOf(field) },
    value: draft.as === 'stored' ? (stored ?? '') : typed,
    onValue: (text: string): void => onDraft({ as: 'typed', text }),
  };
}

function labelOf({ label, required }: SettingField): string {
  return required ? label : `${label} (optional)`;
}

/** A stored secret is never shown: it stays, is replaced, or is taken away. */
function SecretInput({ field, draft, stored, wrong, onDraft, long }: SettingInputProps & { long: boolean }) {
  const label = labelOf(field);
  const hint = hintOf(field);
  if (stored !== undefined && draft.as !== 'typed') {
    const isRemoved = draft.as === 'removed';
    return (
      <Field {...{ label, wrong, hint }}>
        {(ties) => (
          <div class="row" role="group" aria-label={field.label}>
            <output {...ties} class="mono">
              {isRemoved ? 'will be removed' : stored}
            </output>
            <Button onClick={() => onDraft({ as: 'typed', text: '' })}>Replace</Button>
            {!field.required && !isRemoved && (
              <Button onClick={() => onDraft({ as: 'removed' })}>Remove</Button>
            )}
            {isRemoved && <Button onClick={() => onDraft({ as: 'stored' })}>Keep</Button>}
          </div>
        )}
      </Field>
    );
  }
  const value = draft.as === 'typed' ? draft.text : '';
  return (
    <Field {...{ label, wrong, hint }}>
      {(ties) => {
        const shared = {
          ...ties,
          ...{ class: 'input mono', value, spellcheck: false, autoComplete: 'off' },
          onInput: (event: { currentTarget: { value: string } }) =>
            onDraft({ as: 'typed', text: event.currentTarget.value }),
        };
        return (
          <div class="row nowrap-row">
            {long ? <textarea {...shared} rows={5} /> : <input {...shared} type="password" />}
            {stored !== undefined && (
              <Button onClick={() => onDraft({ as: 'stored' })}>Keep the old one</Button>
            )}
          </div>
        );
      }}
    </Field>
  );
}

function hintOf({ description, example, usual }: SettingField): string | undefined {
  if (description === '') return undefined;
  return example !== '' && usual === '' ? `${description}. For example ${example}` : description;
}
