import { useState } from 'preact/hooks';
import type { Answer } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad } from '../../load.ts';
import { goTo, hrefTo } from '../../router.ts';
import { Button } from '../../ui/button.tsx';
import { AreaField, CheckField, SelectField, TextField } from '../../ui/field.tsx';
import { Form, SaveRow } from '../../ui/form.tsx';
import { Empty, PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Shown, wrongAt } from '../../ui/shown.tsx';
import { modeText } from '../users/effective.ts';

export type Category = Answer<'listCategories'>['data'][number];

const quietModes = (['hold', 'digest', 'drop', 'off'] as const).map((value) => ({
  value,
  label: modeText(value),
}));

/** One category: what users read of it, and how what it brings is treated. */
export function CategoryPage({ params }: PageProps) {
  const { key = '' } = params;
  const loaded = useLoad(
    async (api, signal) => {
      const { data } = await api.categories.list({ signal });
      return { category: data.find((one) => one.key === key) };
    },
    [key],
  );
  return (
    <div class="page">
      <Shown of={loaded}>
        {({ category }) =>
          category === undefined ? (
            <>
              <PageHead title={key} above={above} />
              <Empty title="There is no such category">
                Notifications that name it are on, and held in quiet time.
              </Empty>
            </>
          ) : (
            <OneCategory category={category} onStored={(stored) => loaded.put({ category: stored })} />
          )
        }
      </Shown>
    </div>
  );
}

const above = <a href={hrefTo('/categories')}>Categories</a>;

interface CategoryProps {
  category: Category;
  onStored: (category: Category) => void;
}

function OneCategory({ category, onStored }: CategoryProps) {
  const { api, confirm } = useConsole();
  const { key, name } = category;
  const removing = useDoing(
    async () => {
      const text = 'Notifications and preferences that name it stay. It is on then, and held in quiet time.';
      if (!(await confirm({ title: `Delete ${name}?`, text, button: 'Delete', danger: true }))) return;
      await api.categories.delete(key);
      goTo('/categories');
    },
    { says: true },
  );
  return (
    <>
      <PageHead title={name} lead={<code>{key}</code>} above={above}>
        <Button look="danger" onClick={() => removing.run()} busy={removing.busy}>
          Delete
        </Button>
      </PageHead>
      <CategoryForm {...{ category, onStored }} />
    </>
  );
}

function CategoryForm({ category: stored, onStored }: CategoryProps) {
  const { api, say } = useConsole();
  const [category, setCategory] = useState(stored);
  const { name, description, mandatory, quiet_mode, default_enabled } = category;
  const set = (changes: Partial<Category>): void => setCategory({ ...category, ...changes });
  const saving = useDoing(async () => {
    const fields = { name: name.trim(), description: description.trim() };
    onStored(await api.categories.put(stored.key, { ...fields, mandatory, quiet_mode, default_enabled }));
    say('Saved; it holds at once');
  });
  return (
    <Panel>
      <Form onSubmit={() => saving.run()} label="How it is treated">
        <TextField
          label="Name"
          value={name}
          onValue={(value) => set({ name: value })}
          required
          wrong={wrongAt(saving.error, '/name')}
        />
        <AreaField
          label="Description"
          value={description}
          onValue={(value) => set({ description: value })}
          rows={2}
          hint="What is told under the name, to who chooses."
          wrong={wrongAt(saving.error, '/description')}
        />
        <SelectField
          label="In quiet time it is"
          value={quiet_mode}
          choices={quietModes}
          onValue={(value) => set({ quiet_mode: value })}
          hint={mandatory ? 'What is mandatory passes quiet time all the same.' : undefined}
        />
        <CheckField
          label="On for those who chose nothing"
          checked={default_enabled}
          onChecked={(isOn) => set({ default_enabled: isOn })}
        />
        <CheckField
          label="Mandatory: it reaches everybody, whatever they prefer and whatever the hour"
          checked={mandatory}
          onChecked={(isOn) => set({ mandatory: isOn })}
        />
        <SaveRow of={saving} />
      </Form>
    </Panel>
  );
}
