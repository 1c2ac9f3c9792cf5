import { useEffect, useState } from 'preact/hooks';
import type { Template, TemplateVersion } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing } from '../../load.ts';
import { Button } from '../../ui/button.tsx';
import { CodeArea } from '../../ui/code-area.tsx';
import { Panel } from '../../ui/page.tsx';
import { Failure } from '../../ui/shown.tsx';
import {
  draftOf,
  isSameDraft,
  problemsAt,
  problemsOf,
  readDraft,
  type Draft,
  type DraftProblem,
} from './draft.ts';
import { PreviewPane } from './preview-pane.tsx';
import { TestSendDialog } from './test-send-dialog.tsx';
import { WordingFields } from './wording-fields.tsx';
import { WordingTabs } from './wording-tabs.tsx';
import { FrameFields } from './frame-fields.tsx';

interface EditorProps {
  template: Template;
  /** What is edited; undefined for a template that says nothing yet. */
  version: TemplateVersion | undefined;
  /** Told when a version was stored or published. */
  onStored: () => void;
}

/** The texts of a template beside what they become. What is stored is a new version: none is ever changed. */
export function Editor({ template, version, onStored }: EditorProps) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(version));
  const [chosen, setChosen] = useState(0);
  const [found, setFound] = useState<readonly DraftProblem[]>([]);
  const isChanged = version === undefined || !isSameDraft(draft, draftOf(version));
  useLeaveGuard(isChanged && version !== undefined);

  const index = Math.min(chosen, draft.wordings.length - 1);
  const read = readDraft(draft);
  const problems = 'problems' in read ? read.problems : found;
  const at = (place: string): DraftProblem[] => problemsAt(problems, place);
  const set = (changes: Partial<Draft>): void => setDraft({ ...draft, ...changes });
  const wording = draft.wordings[index];

  return (
    <div class="editor">
      <div class="stack">
        <Panel>
          <WordingTabs
            draft={draft}
            chosen={index}
            onChosen={setChosen}
            onDraft={setDraft}
            problems={problems}
          />
          {wording !== undefined && (
            <WordingFields
              key={index}
              wording={wording}
              problemsAt={(field) => at(`/variants/${index}/${field}`)}
              onWording={(changed) => set({ wordings: draft.wordings.with(index, changed) })}
            />
          )}
        </Panel>
        <Panel title="Data">
          <div class="stack">
            <CodeArea
              label="Sample data (JSON)"
              hint="What previews and tests say."
              value={draft.sample}
              onValue={(sample) => set({ sample })}
              problems={at('/sample_data')}
              rows={4}
              tags={false}
            />
            <FrameFields draft={draft} set={set} problemsAt={at} />
          </div>
        </Panel>
      </div>
      <div class="stack editor-side">
        <Actions {...{ template, version, draft, isChanged, onStored }} onProblems={setFound} />
        <PreviewPane
          template={template}
          draft={draft}
          onProblems={setFound}
          onShownWording={(kind, locale) => {
            const shown = draft.wordings.findIndex((one) => one.kind === kind && one.locale === locale);
            if (shown >= 0) setChosen(shown);
          }}
        />
      </div>
    </div>
  );
}

interface ActionsProps extends EditorProps {
  draft: Draft;
  onProblems: (problems: readonly DraftProblem[]) => void;
  isChanged: boolean;
}

/** Stores, publishes and tries out what is in the editor. */
function Actions({ template, version, draft, isChanged, onStored, onProblems }: ActionsProps) {
  const { api, say } = useConsole();
  const [tested, setTested] = useState<number>();
  // What could not be published is stored all the same: the next try makes no version more.
  const [stored, setStored] = useState<{ draft: Draft; version: number }>();
  const store = async (): Promise<number> => {
    if (!isChanged && version !== undefined) return version.version;
    if (stored !== undefined && isSameDraft(stored.draft, draft)) return stored.version;
    const read = readDraft(draft);
    if ('problems' in read) throw new Error('The sample data or the schema is not JSON');
    const made = await api.templateVersions.create(template.key, read.body);
    setStored({ draft, version: made.version });
    return made.version;
  };
  const storing = useDoing(async () => {
    say(`Stored as version ${await store()}; version ${template.published_version ?? '–'} is still sent`);
    onStored();
  });
  const publishing = useDoing(async () => {
    const number = await store();
    await api.templateVersions.publish(template.key, number).catch((error: unknown) => {
      onProblems(problemsOf(error));
      throw error;
    });
    say(`Version ${number} is published: from now on it is sent`);
    onStored();
  });
  const testing = useDoing(async () => {
    setTested(await store());
  });
  const error = storing.error ?? publishing.error ?? testing.error;
  const isBusy = storing.busy || publishing.busy || testing.busy;
  const isPublished = !isChanged && version?.version === template.published_version;
  return (
    <Panel>
      <div class="stack tight">
        <div class="row spread">
          <span class="muted small">{standing(template, version, isChanged)}</span>
          <div class="row">
            <Button onClick={() => testing.run()} busy={isBusy}>
              Send a test
            </Button>
            <Button onClick={() => storing.run()} busy={isBusy} disabled={!isChanged}>
              Store draft
            </Button>
            <Button look="primary" onClick={() => publishing.run()} busy={isBusy} disabled={isPublished}>
              Publish
            </Button>
          </div>
        </div>
        <Failure error={error} />
      </div>
      {tested !== undefined && (
        <TestSendDialog
          template={template}
          version={tested}
          onClose={() => {
            setTested(undefined);
            if (isChanged) onStored();
          }}
        />
      )}
    </Panel>
  );
}

function standing(template: Template, version: TemplateVersion | undefined, isChanged: boolean): string {
  if (version === undefined) return 'Nothing is stored yet';
  const state = version.version === template.published_version ? 'published' : 'a draft';
  return isChanged ? `Changed since version ${version.version}` : `Version ${version.version}, ${state}`;
}

/** Asks before the page is left while something is not stored. */
function useLeaveGuard(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return undefined;
    const guard = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', guard);
    return () => removeEventListener('beforeunload', guard);
  }, [isOn]);
}
