import { useState } from 'preact/hooks';
import { CarillonError, type TemplatePart } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad } from '../../load.ts';
import { goTo, hrefTo } from '../../router.ts';
import { Button } from '../../ui/button.tsx';
import { CodeArea } from '../../ui/code-area.tsx';
import { Form } from '../../ui/form.tsx';
import { Empty, PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Failure, Shown } from '../../ui/shown.tsx';
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
  const { api, confirm } = useConsole();
  const loaded = useLoad(
    (client, signal) =>
      client.templateParts.get(part, name, { signal }).then((stored) => ({ stored }), absent),
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
        {loaded.data?.stored !== undefined && (
          <Button look="danger" onClick={() => removing.run()} busy={removing.busy}>
            Delete
          </Button>
        )}
      </PageHead>
      <Shown of={loaded}>
        {({ stored }) => (
          <SourceForm
            {...{ part, name }}
            source={stored?.source ?? partStarts[part]}
            onStored={(written) => loaded.put({ stored: written })}
          />
        )}
      </Shown>
    </>
  );
}

interface SourceFormProps {
  part: PartName;
  name: string;
  source: string;
  onStored: (part: TemplatePart) => void;
}

function SourceForm({ part, name, source: stored, onStored }: SourceFormProps) {
  const { api, say } = useConsole();
  const [source, setSource] = useState(stored);
  const saving = useDoing(async () => {
    onStored(await api.templateParts.put(part, name, { source }));
    say('Saved; versions that are published from now on use it');
  });
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
        <Failure error={saving.error} />
        <div class="row">
          <Button type="submit" look="primary" busy={saving.busy}>
            Save
          </Button>
        </div>
      </Form>
    </Panel>
  );
}

/** One that is not there is written here. */
function absent(error: unknown): { stored: TemplatePart | undefined } {
  if (error instanceof CarillonError && error.status === 404) return { stored: undefined };
  throw error;
}
