import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  /** What is wrong with the value. */
  wrong?: string | undefined;
  /** Takes more room in a row of filters. */
  wide?: boolean | undefined;
}

/** What ties an input to its label, its hint and its error. */
export interface FieldTies {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
}

/** A label with an input of any sort: `children` gets what ties them. */
export function Field({
  label,
  hint,
  wrong,
  wide = false,
  children,
}: FieldProps & { children: (ties: FieldTies) => ComponentChildren }) {
  const id = useId();
  const said = [hint === undefined ? '' : `${id}-hint`, wrong === undefined ? '' : `${id}-wrong`];
  const describedBy = said.filter((one) => one !== '').join(' ');
  return (
    <div class={wide ? 'field wide' : 'field'}>
      <label for={id}>{label}</label>
      {children({
        id,
        ...(describedBy !== '' && { 'aria-describedby': describedBy }),
        ...(wrong !== undefined && { 'aria-invalid': true }),
      })}
      {hint !== undefined && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {wrong !== undefined && (
        <span class="wrong" id={`${id}-wrong`}>
          {wrong}
        </span>
      )}
    </div>
  );
}

interface TextFieldProps extends FieldProps {
  value: string;
  onValue: (value: string) => void;
  type?: 'text' | 'password' | 'search' | 'email' | 'number' | 'time' | 'url';
  placeholder?: string;
  required?: boolean;
  mono?: boolean;
  autoComplete?: string;
  /** Suggestions; another value may be given all the same. */
  options?: readonly string[];
}

/** One line. */
export function TextField({ value, onValue, type = 'text', options, mono = false, ...rest }: TextFieldProps) {
  const { label, hint, wrong, wide, placeholder, required, autoComplete } = rest;
  const shared = {
    class: mono ? 'input mono' : 'input',
    value,
    onInput: (event: { currentTarget: HTMLInputElement }) => onValue(event.currentTarget.value),
    spellcheck: false,
    ...(placeholder !== undefined && { placeholder }),
    ...(required === true && { required }),
    ...(autoComplete !== undefined && { autoComplete }),
  };
  // The types of Preact want each type of input written out; all of these take the same.
  const typed = { type } as { type: 'text' };
  return (
    <Field {...{ label, hint, wrong, wide }}>
      {(ties) =>
        options === undefined ? (
          <input {...ties} {...shared} {...typed} />
        ) : (
          <>
            <input {...ties} {...shared} type="text" list={`${ties.id}-options`} />
            <datalist id={`${ties.id}-options`}>
              {options.map((option) => (
                <option key={option} value={option} />
              ))}
            </datalist>
          </>
        )
      }
    </Field>
  );
}

interface AreaFieldProps extends FieldProps {
  value: string;
  onValue: (value: string) => void;
  rows?: number;
  mono?: boolean;
}

/** Several lines. */
export function AreaField({ value, onValue, rows = 5, mono = false, ...field }: AreaFieldProps) {
  return (
    <Field {...field}>
      {(ties) => (
        <textarea
          {...ties}
          class={mono ? 'input mono' : 'input'}
          rows={rows}
          value={value}
          spellcheck={!mono}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export interface Choice<Value extends string> {
  value: Value;
  label: string;
}

interface SelectFieldProps<Value extends string> extends FieldProps {
  value: Value;
  onValue: (value: Value) => void;
  choices: readonly Choice<Value>[];
}

/** One of a few. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { value, onValue, choices, ...field } = props;
  const choose = (event: { currentTarget: HTMLSelectElement }): void => {
    const chosen = choices.find((choice) => choice.value === event.currentTarget.value);
    if (chosen !== undefined) onValue(chosen.value);
  };
  return (
    <Field {...field}>
      {(ties) => (
        <select {...ties} class="input" value={value} onChange={choose}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface CheckFieldProps {
  label: ComponentChildren;
  checked: boolean;
  onChecked: (checked: boolean) => void;
  disabled?: boolean;
}

/** Yes or no. */
export function CheckField({ label, checked, onChecked, disabled = false }: CheckFieldProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChecked(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

interface InstantFieldProps extends FieldProps {
  /** As on the wire (ISO 8601, UTC); the empty string for none. */
  value: string;
  onValue: (value: string) => void;
}

/** An instant, shown and typed in the zone of who looks at it. */
export function InstantField({ value, onValue, ...field }: InstantFieldProps) {
  return (
    <Field {...field}>
      {(ties) => (
        <input
          {...ties}
          class="input"
          type="datetime-local"
          value={toLocal(value)}
          onChange={(event) => onValue(fromLocal(event.currentTarget.value))}
        />
      )}
    </Field>
  );
}

function toLocal(instant: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return '';
  const pad = (part: number): string => String(part).padStart(2, '0');
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${day}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

function fromLocal(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
