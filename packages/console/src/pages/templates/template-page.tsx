import type { Carillon, Template, TemplateVersion } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad } from '../../load.ts';
import { goTo, hrefTo, replaceWith } from '../../router.ts';
import { ifStill, tagged } from '../../tagged.ts';
import { Button } from '../../ui/button.tsx';
import { PageHead, type PageProps } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Editor } from './editor.tsx';
import { TemplateSettings } from './template-settings.tsx';
import { TemplateState } from './templates-page.tsx';
import { VersionsTab } from './versions-tab.tsx';

const tabs = [
  { value: 'texts', label: 'Texts' },
  { value: 'versions', label: 'Versions' },
  { value: 'settings', label: 'How it is treated' },
] as const;
type Tab = (typeof tabs)[number]['value'];

interface OneTemplate {
  template: Template;
  etag: string | undefined;
  /** That which is edited; undefined before the first. */
  version: TemplateVersion | undefined;
}

async function loadTemplate(
  api: Carillon,
  key: string,
  wanted: number | undefined,
  signal: AbortSignal,
): Promise<OneTemplate> {
  const { is: template, etag } = await tagged((options) => api.templates.get(key, { ...options, signal }));
  const number = wanted ?? template.latest_version;
  if (number === null) return { template, etag, version: undefined };
  return { template, etag, version: await api.templateVersions.get(key, number, { signal }) };
}

/** One template: its texts, its versions, and how it is treated. */
export function TemplatePage({ params, query }: PageProps) {
  const { template: key = '' } = params;
  const { api, confirm, say } = useConsole();
  const wanted = Number(query.get('version') ?? '') || undefined;
  const loaded = useLoad((client, signal) => loadTemplate(client, key, wanted, signal), [key, wanted]);
  const tab = tabs.find((one) => one.value === query.get('tab'))?.value ?? 'texts';
  const path = `/templates/${encodeURIComponent(key)}`;
  const pausing = useDoing(
    async ({ paused_at: pausedAt }: Template) => {
      await (pausedAt === null ? api.templates.pause(key) : api.templates.resume(key));
      loaded.reload();
    },
    { says: true },
  );
  const removing = useDoing(
    async (template: Template) => {
      const yes = await confirm({
        ...{ title: `Delete ${template.name}?`, button: 'Delete', danger: true },
        text: 'What waits to be sent by it is not sent. What was sent keeps its texts.',
      });
      if (!yes) return;
      await api.templates.delete(key);
      goTo('/templates');
    },
    { says: true },
  );
  return (
    <div class="page wide-page">
      <Shown of={loaded}>
        {({ template, etag, version }) => (
          <>
            <PageHead
              title={template.name}
              lead={
                <span class="row">
                  <code>{template.key}</code>
                  <TemplateState template={template} />
                </span>
              }
              above={<a href={hrefTo('/templates')}>Templates</a>}
            >
              <Button onClick={() => pausing.run(template)} busy={pausing.busy}>
                {template.paused_at === null ? 'Pause' : 'Resume'}
              </Button>
              {template.source === 'custom' && (
                <Button look="danger" onClick={() => removing.run(template)} busy={removing.busy}>
                  Delete
                </Button>
              )}
            </PageHead>
            <Tabs<Tab>
              label="About this template"
              tabs={tabs}
              value={tab}
              onValue={(value) =>
                replaceWith(path, { tab: value, version: query.get('version') ?? undefined })
              }
            >
              <div class="stack">
                {/* What is being written stays while one looks at something else. */}
                <div hidden={tab !== 'texts'}>
                  <Editor
                    key={`${template.latest_version}-${version?.version}`}
                    template={template}
                    version={version}
                    onStored={() => {
                      if (wanted === undefined) loaded.reload();
                      else replaceWith(path);
                    }}
                  />
                </div>
                {tab === 'versions' && <VersionsTab template={template} onPublished={loaded.reload} />}
                {tab === 'settings' && (
                  <TemplateSettings
                    key={template.updated_at}
                    template={template}
                    onSave={async (wish) => {
                      const saved = await tagged((options) =>
                        api.templates.update(key, wish, { ...options, ...ifStill(etag) }),
                      );
                      loaded.put({ template: saved.is, etag: saved.etag, version });
                      say('Saved; it holds at once');
                    }}
                  />
                )}
              </div>
            </Tabs>
          </>
        )}
      </Shown>
    </div>
  );
}
