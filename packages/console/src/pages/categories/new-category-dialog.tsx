import { useState } from 'preact/hooks';
import { useConsole } from '../../console-context.ts';
import { useDoing } from '../../load.ts';
import { goTo } from '../../router.ts';
import { suggestedKey } from '../../suggested-key.ts';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { wrongAt } from '../../ui/shown.tsx';

interface NewCategoryDialogProps {
  /** Keys that there are: making one of these would change it. */
  taken: ReadonlySet<string>;
  onClose: () => void;
}

/** Makes a category, and goes there. */
export function NewCategoryDialog({ taken, onClose }: NewCategoryDialogProps) {
  const { api } = useConsole();
  const [name, setName] = useState('');
  const [key, setKey] = useState('');
  const shownKey = key === '' ? suggestedKey(name) : key;
  const isTaken = taken.has(shownKey.trim());
  const making = useDoing(async () => {
    if (isTaken) return;
    const made = await api.categories.put(shownKey.trim(), { name: name.trim() });
    goTo(`/categories/${encodeURIComponent(made.key)}`);
  });
  return (
    <FormDialog
      title="New category"
      onClose={onClose}
      onSubmit={() => making.run()}
      button="Make it"
      busy={making.busy}
      disabled={isTaken}
      error={making.error}
    >
      <TextField
        label="Name"
        value={name}
        onValue={setName}
        required
        hint="What users read."
        wrong={wrongAt(making.error, '/name')}
      />
      <TextField
        label="Key"
        value={shownKey}
        onValue={setKey}
        mono
        required
        hint="What notifications name; it cannot be changed later."
        wrong={isTaken ? 'There is a category of this key already.' : wrongAt(making.error, '/path/key')}
      />
    </FormDialog>
  );
}
