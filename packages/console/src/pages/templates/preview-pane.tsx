import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Body, Template, TemplatePreview } from '@carillon/client';
import { kindName } from '../../kind-name.ts';
import { useLoad } from '../../load.ts';
import { useSettled } from '../../settled.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/page.tsx';
import { Failure } from '../../ui/shown.tsx';
import { PersonField } from '../simulator/person-field.tsx';
import { problemsOf, readDraft, type Draft, type DraftProblem } from './draft.ts';
import { KindPreview } from './kind-preview.tsx';

type Kind = NonNullable<Body<'previewTemplate'>['kind']>;

const kinds: readonly Kind[] = [
  ...(['inbox', 'email', 'slack', 'msteams', 'discord', 'telegram', 'sms', 'phone_call'] as const),
  ...(['mobile_app', 'mobile_app_critical', 'web_push', 'ntfy', 'gotify', 'webhook'] as const),
];
/** Those that most organizations have stand as tabs, the others in a list. */
const first: readonly Kind[] = ['inbox', 'email', 'slack', 'sms', 'mobile_app'];

interface PreviewPaneProps {
  template: Template;
  draft: Draft;
  /** Told what is wrong with the draft, each time that it was rendered. */
  onProblems: (problems: readonly DraftProblem[]) => void;
  /** Told when somebody wants to see the wording that was chosen. */
  onShownWording: (kind: string, locale: string) => void;
}

/** What a draft becomes for one channel kind and one reader, rendered by the server while one types. */
export function PreviewPane({ template, draft, onProblems, onShownWording }: PreviewPaneProps) {
  const [kind, setKind] = useState<Kind>('inbox');
  const [reader, setReader] = useState('');
  const [locale, setLocale] = useState('');
  const settled = useSettled(draft, 350);
  const settledReader = useSettled(reader.trim(), 600);
  const settledLocale = useSettled(locale.trim(), 600);
  const read = useMemo(() => readDraft(settled), [settled]);
  const body = 'body' in read ? read.body : undefined;
  const loaded = useLoad(
    async (api, signal) => {
      if (body === undefined) return undefined;
      const wish = {
        ...{ draft: body, kind },
        ...(settledReader !== '' && { user: settledReader }),
        ...(settledLocale !== '' && { locale: settledLocale }),
      };
      return api.templates.preview(template.key, wish, { signal });
    },
    [template.key, body, kind, settledReader, settledLocale],
  );
  const problems = useMemo(() => problemsOf(loaded.error), [loaded.error]);
  useEffect(() => onProblems(problems), [problems]);
  const isElsewhere =
    problems.length === 0 || problems.some(({ place }) => !/^\/(variants|sample|data_)/.test(place));
  return (
    <Panel title="Preview">
      <div class="stack">
        <div class="row">
          <div class="segments" role="group" aria-label="Channel kind">
            {first.map((one) => (
              <button key={one} type="button" aria-pressed={one === kind} onClick={() => setKind(one)}>
                {kindName(one)}
              </button>
            ))}
          </div>
          <OtherKinds kind={kind} onKind={setKind} />
        </div>
        <div aria-live="polite" aria-busy={loaded.busy} class={loaded.error === undefined ? '' : 'is-stale'}>
          {loaded.data === undefined ? (
            <p class="loading">{loaded.busy ? 'Rendering…' : 'Nothing to show yet'}</p>
          ) : (
            <KindPreview kind={kind} preview={loaded.data} />
          )}
        </div>
        {problems.length > 0 && (
          <p class="note warn small" role="status">
            Shown is the last text that could be rendered: {problems[0]?.detail}
          </p>
        )}
        {isElsewhere && <Failure error={loaded.error} onRetry={loaded.reload} />}
        {loaded.data !== undefined && <Notes preview={loaded.data} onShownWording={onShownWording} />}
        <div class="form columns">
          <PersonField label="As it is for" value={reader} onValue={setReader} hint="Empty: for you." />
          <TextField label="In the language" value={locale} onValue={setLocale} placeholder="of the reader" />
        </div>
      </div>
    </Panel>
  );
}

function OtherKinds({ kind, onKind }: { kind: Kind; onKind: (kind: Kind) => void }) {
  const others = kinds.filter((one) => !first.includes(one));
  const isOther = others.includes(kind);
  return (
    <div class="other-kinds">
      <SelectField<Kind | ''>
        label="Other kinds"
        value={isOther ? kind : ''}
        choices={[
          { value: '', label: 'Other…' },
          ...others.map((value) => ({ value, label: kindName(value) })),
        ]}
        onValue={(value) => {
          if (value !== '') onKind(value);
        }}
      />
    </div>
  );
}

interface NotesProps {
  preview: TemplatePreview;
  onShownWording: PreviewPaneProps['onShownWording'];
}

/** Which wording it is, and what a writer should know of it. */
function Notes({ preview, onShownWording }: NotesProps) {
  const { kind, locale, missing, cut } = preview;
  return (
    <div class="stack tight small">
      <p class="muted">
        The wording for {kind === '' ? 'every kind' : kindName(kind)},{' '}
        {locale === '' ? 'every language' : locale}.{' '}
        <Button look="plain" onClick={() => onShownWording(kind, locale)}>
          Edit it
        </Button>
      </p>
      {missing.length > 0 && (
        <p class="note warn">
          <strong>Without data:</strong> {missing.join(', ')}
        </p>
      )}
      {cut.length > 0 && (
        <p class="note warn">
          <strong>Too long, and cut:</strong> {cut.join(', ')}
        </p>
      )}
    </div>
  );
}
