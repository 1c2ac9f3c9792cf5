import { useState } from 'preact/hooks';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad } from '../../load.ts';
import { goTo } from '../../router.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Failure, wrongAt } from '../../ui/shown.tsx';

/** Makes a template, and goes to its editor. */
export function NewTemplateDialog({ onClose }: { onClose: () => void }) {
  const { api } = useConsole();
  const [name, setName] = useState('');
  const [key, setKey] = useState('');
  const [group, setGroup] = useState('');
  const [category, setCategory] = useState('');
  const categories = useLoad((client, signal) => client.categories.list({ signal }), []);
  const shownKey = key === '' ? keyOf(name) : key;
  const making = useDoing(async () => {
    const made = await api.templates.create({
      ...{ key: shownKey, name: name.trim(), group: group.trim() },
      ...(category.trim() !== '' && { category: category.trim() }),
    });
    goTo(`/templates/${encodeURIComponent(made.key)}`);
  });
  const wrong = (field: string) => wrongAt(making.error, `/${field}`);
  return (
    <Dialog
      title="New template"
      onClose={onClose}
      onSubmit={() => making.run()}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={making.busy}>
            Make it
          </Button>
        </>
      }
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
      <Failure error={making.error} />
    </Dialog>
  );
}

/** A key that a name suggests: "Build failed!" becomes `build-failed`. */
function keyOf(name: string): string {
  const plain = name.normalize('NFKD').toLowerCase().replaceAll(/\p{M}/gu, '');
  return plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 100);
}
