import { useState } from 'preact/hooks';
import { CarillonError, type TemplatePart } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad } from '../../load.ts';
import { goTo, hrefTo } from '../../router.ts';
import { ifStill, tagged, type Tagged } from '../../tagged.ts';
import { Button } from '../../ui/button.tsx';
import { CodeArea } from '../../ui/code-area.tsx';
import { Form, SaveRow } from '../../ui/form.tsx';
import { Empty, PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { problemsAt, problemsOf } from './draft.ts';
import { partNames, partStarts, toPartName, type PartName } from './part-words.ts';

/** One layout or partial. */
export function PartPage({ params }: PageProps) {
  const { key = '' } = params;
  const part = toPartName(params['part']);
  const above = <a href={hrefTo('/template-parts')}>Layouts and partials</a>;
  return (
    <div class="page">
      {part === undefined ? (
        <>
          <PageHead title="There is no such thing" above={above} />
          <Empty title="Templates have layouts, layouts for mails, and partials" />
        </>
      ) : (
        <PartEditor part={part} name={key} />
      )}
    </div>
  );
}

function PartEditor({ part, name }: { part: PartName; name: string }) {
  const { api, confirm, say } = useConsole();
  const loaded = useLoad(
    (client, signal) =>
      tagged((options) => client.templateParts.get(part, name, { ...options, signal })).catch(absent),
    [part, name],
  );
  const removing = useDoing(
    async () => {
      const text = 'Published versions keep it. A draft that names it cannot be published any more.';
      if (!(await confirm({ title: `Delete ${name}?`, text, button: 'Delete', danger: true }))) return;
      await api.templateParts.delete(part, name);
      goTo('/template-parts');
    },
    { says: true },
  );
  return (
    <>
      <PageHead
        title={name}
        lead={partNames[part]}
        above={<a href={hrefTo('/template-parts')}>Layouts and partials</a>}
      >
        {loaded.data?.is !== undefined && (
          <Button look="danger" onClick={() => removing.run()} busy={removing.busy}>
            Delete
          </Button>
        )}
      </PageHead>
      <Shown of={loaded}>
        {({ is: stored, etag }) => (
          <SourceForm
            name={name}
            source={stored?.source ?? partStarts[part]}
            onSave={async (source) => {
              const options = ifStill(etag);
              loaded.put(
                await tagged((told) =>
                  api.templateParts.put(part, name, { source }, { ...told, ...options }),
                ),
              );
              say('Saved; versions that are published from now on use it');
            }}
          />
        )}
      </Shown>
    </>
  );
}

interface SourceFormProps {
  name: string;
  source: string;
  onSave: (source: string) => Promise<void>;
}

function SourceForm({ name, source: stored, onSave }: SourceFormProps) {
  const [source, setSource] = useState(stored);
  const saving = useDoing(() => onSave(source));
  return (
    <Panel>
      <Form onSubmit={() => saving.run()} label={`Source of ${name}`}>
        <CodeArea
          label="Source"
          value={source}
          onValue={setSource}
          problems={problemsAt(problemsOf(saving.error), '/source')}
          rows={12}
        />
        <SaveRow of={saving} />
      </Form>
    </Panel>
  );
}

/** One that is not there is written here. */
function absent(error: unknown): Tagged<TemplatePart | undefined> {
  if (error instanceof CarillonError && error.status === 404) return { is: undefined, etag: undefined };
  throw error;
}
