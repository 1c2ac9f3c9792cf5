import { useState } from 'preact/hooks';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad } from '../../load.ts';
import { goTo } from '../../router.ts';
import { suggestedKey } from '../../suggested-key.ts';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { wrongAt } from '../../ui/shown.tsx';

/** Makes a template, and goes to its editor. */
export function NewTemplateDialog({ onClose }: { onClose: () => void }) {
  const { api } = useConsole();
  const [name, setName] = useState('');
  const [key, setKey] = useState('');
  const [group, setGroup] = useState('');
  const [category, setCategory] = useState('');
  const categories = useLoad((client, signal) => client.categories.list({ signal }), []);
  const shownKey = key === '' ? suggestedKey(name) : key;
  const making = useDoing(async () => {
    const made = await api.templates.create({
      ...{ key: shownKey, name: name.trim(), group: group.trim() },
      ...(category.trim() !== '' && { category: category.trim() }),
    });
    goTo(`/templates/${encodeURIComponent(made.key)}`);
  });
  const wrong = (field: string) => wrongAt(making.error, `/${field}`);
  return (
    <FormDialog
      title="New template"
      onClose={onClose}
      onSubmit={() => making.run()}
      button="Make it"
      busy={making.busy}
      error={making.error}
    >
      <TextField label="Name" value={name} onValue={setName} required wrong={wrong('name')} />
      <TextField
        label="Key"
        value={shownKey}
        onValue={setKey}
        mono
        hint="How programs name it; it cannot be changed later."
        wrong={wrong('key')}
      />
      <TextField
        label="Category"
        value={category}
        onValue={setCategory}
        placeholder="general"
        hint="What users can switch off."
        options={(categories.data?.data ?? []).map((one) => one.key)}
        wrong={wrong('category')}
      />
      <TextField label="Group (optional)" value={group} onValue={setGroup} hint="A heading in lists." />
    </FormDialog>
  );
}
