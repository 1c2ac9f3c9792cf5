import { useState } from 'preact/hooks';
import type { NewAccessToken, User } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing } from '../../load.ts';
import { CheckField, SelectField, TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { wrongAt } from '../../ui/shown.tsx';

const scopes = [
  { value: 'inbox', label: 'inbox: read and change the own inbox' },
  { value: 'preferences', label: 'preferences: set when and how to be told' },
  { value: 'send', label: 'send: send notifications' },
  { value: 'admin', label: 'admin: everything else' },
] as const;
type Scope = (typeof scopes)[number]['value'];

const day = 24 * 60 * 60;
const lives = [
  { value: String(60 * 60), label: 'an hour' },
  { value: String(day), label: 'a day' },
  { value: String(30 * day), label: '30 days' },
  { value: String(365 * day), label: 'a year' },
  { value: '', label: 'until it is revoked' },
] as const;

interface NewTokenDialogProps {
  user: User;
  onClose: () => void;
  onMade: (token: NewAccessToken) => void;
}

/** Makes a token. It is told once. */
export function NewTokenDialog({ user, onClose, onMade }: NewTokenDialogProps) {
  const { api } = useConsole();
  const [name, setName] = useState('');
  const [life, setLife] = useState<(typeof lives)[number]['value']>(lives[2].value);
  const [chosen, setChosen] = useState<readonly Scope[]>(['inbox']);
  const making = useDoing(async () => {
    const token = await api.tokens.create(user.id, {
      ...(name.trim() !== '' && { name: name.trim() }),
      ...(life !== '' && { expires_in: Number(life) }),
      scopes: [...chosen],
    });
    onMade(token);
  });
  return (
    <FormDialog
      title="Make a token"
      onClose={onClose}
      onSubmit={() => making.run()}
      button="Make"
      busy={making.busy}
      error={making.error}
    >
      <TextField
        label="What it is for (optional)"
        value={name}
        onValue={setName}
        wrong={wrongAt(making.error, '/name')}
      />
      <SelectField label="How long it works" value={life} choices={lives} onValue={setLife} />
      <fieldset class="stack tight">
        <legend>What it may do</legend>
        {scopes.map(({ value, label }) => (
          <CheckField
            key={value}
            label={label}
            checked={chosen.includes(value)}
            onChecked={(isOn) =>
              setChosen(
                scopes.map((one) => one.value).filter((one) => (one === value ? isOn : chosen.includes(one))),
              )
            }
          />
        ))}
        {chosen.length === 0 && <p class="muted small">None chosen: as much as your own credential may.</p>}
      </fieldset>
    </FormDialog>
  );
}
