import { useState } from 'preact/hooks';
import { useLoad } from '../../load.ts';
import { goTo, hrefTo } from '../../router.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Table } from '../../ui/keyset-table.tsx';
import { Empty, PageHead, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Instant } from '../../ui/time.tsx';
import { partNames, type PartName } from './part-words.ts';

/** What templates share: layouts around their texts, and partials within them. */
export function PartsPage() {
  const [isMaking, setIsMaking] = useState(false);
  const loaded = useLoad((api, signal) => api.templateParts.list({ signal }), []);
  return (
    <div class="page">
      <PageHead
        title="Layouts and partials"
        lead="What templates share. A published version keeps those of its publishing."
        above={<a href={hrefTo('/templates')}>Templates</a>}
      >
        <Button look="primary" onClick={() => setIsMaking(true)}>
          New one
        </Button>
      </PageHead>
      <Panel flush>
        <Shown of={loaded}>
          {({ data: parts }) =>
            parts.length === 0 ? (
              <Empty title="There is none yet">A signature, a mail with your colours: write it once.</Empty>
            ) : (
              <Table
                caption="Layouts and partials"
                rows={parts}
                keyOf={({ part, key }) => `${part}/${key}`}
                columns={[
                  {
                    title: 'Key',
                    cell: ({ part, key }) => <a href={hrefTo(`/template-parts/${part}/${key}`)}>{key}</a>,
                  },
                  { title: 'What it is', cell: ({ part }) => partNames[part] },
                  { title: 'Written', class: 'narrow', cell: (part) => <Instant at={part.updated_at} /> },
                ]}
              />
            )
          }
        </Shown>
      </Panel>
      {isMaking && <NewPartDialog onClose={() => setIsMaking(false)} />}
    </div>
  );
}

function NewPartDialog({ onClose }: { onClose: () => void }) {
  const [part, setPart] = useState<PartName>('partial');
  const [key, setKey] = useState('');
  const isKey = /^[a-z][a-z0-9_-]{0,99}$/.test(key);
  return (
    <FormDialog
      title="New layout or partial"
      onClose={onClose}
      onSubmit={() => isKey && goTo(`/template-parts/${part}/${key}`)}
      button="Write it"
      disabled={!isKey}
    >
      <SelectField
        label="What it is"
        value={part}
        choices={[
          { value: 'partial', label: partNames.partial },
          { value: 'layout', label: partNames.layout },
          { value: 'mail_layout', label: partNames.mail_layout },
        ]}
        onValue={setPart}
      />
      <TextField
        label="Key"
        value={key}
        onValue={setKey}
        mono
        hint="Small letters, digits, dashes and underscores; begins with a letter."
        required
      />
    </FormDialog>
  );
}
