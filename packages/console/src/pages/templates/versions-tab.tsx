import { useState } from 'preact/hooks';
import type { Answer, Template } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad } from '../../load.ts';
import { hrefTo, usePlace } from '../../router.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Empty, Panel } from '../../ui/page.tsx';
import { Failure } from '../../ui/shown.tsx';
import { Instant } from '../../ui/time.tsx';
import { CompareVersions } from './compare-versions.tsx';

type Summary = Answer<'listTemplateVersions'>['data'][number];

interface VersionsTabProps {
  template: Template;
  onPublished: () => void;
}

/** All versions of a template, what they say differently, and a way back to an older one. */
export function VersionsTab({ template, onPublished }: VersionsTabProps) {
  const { api, confirm, say } = useConsole();
  const { key, published_version: published } = template;
  const cursor = usePlace().query.get('cursor') ?? undefined;
  const [compared, setCompared] = useState<{ before: number; after: number }>();
  const loaded = useLoad(
    (client, signal) =>
      client.templateVersions.list(key, { limit: 50, ...(cursor !== undefined && { cursor }) }, { signal }),
    [key, cursor],
  );
  const publishing = useDoing(async (version: number) => {
    const text = 'From now on create calls use it. What was accepted keeps its version.';
    if (!(await confirm({ title: `Publish version ${version}?`, text, button: 'Publish' }))) return;
    await api.templateVersions.publish(key, version);
    say(`Version ${version} is published`);
    loaded.reload();
    onPublished();
  });
  return (
    <>
      <Failure error={publishing.error} />
      <Panel flush>
        <KeysetTable<Summary>
          caption="Versions"
          of={loaded}
          keyOf={({ version }) => String(version)}
          empty={<Empty title="There is no version yet">Write its texts, and store them.</Empty>}
          columns={[
            {
              title: 'Version',
              cell: ({ version }) => (
                <a href={hrefTo(`/templates/${encodeURIComponent(key)}`, { version: String(version) })}>
                  Version {version}
                </a>
              ),
            },
            { title: 'State', cell: (one) => <VersionState of={one} published={published} /> },
            { title: 'Stored', class: 'narrow', cell: (one) => <Instant at={one.created_at} /> },
            { title: 'First published', class: 'narrow', cell: (one) => <Instant at={one.published_at} /> },
            {
              title: 'What to do',
              class: 'narrow',
              cell: ({ version }) => (
                <span class="row nowrap-row">
                  {version > 1 && (
                    <Button onClick={() => setCompared({ before: version - 1, after: version })}>
                      What changed<span class="visually-hidden"> in version {version}</span>
                    </Button>
                  )}
                  {version !== published && (
                    <Button
                      onClick={() => publishing.run(version)}
                      busy={publishing.busy}
                      aria-label={`Publish version ${version}`}
                    >
                      Publish
                    </Button>
                  )}
                </span>
              ),
            },
          ]}
        />
      </Panel>
      {template.latest_version !== null && template.latest_version > 1 && (
        <CompareVersions
          key={`${compared?.before}-${compared?.after}`}
          template={key}
          latest={template.latest_version}
          {...(compared ?? lastChange(published, template.latest_version))}
        />
      )}
    </>
  );
}

/** What publishing the latest version would change; where it is published already, what it has changed. */
function lastChange(published: number | null, latest: number): { before: number; after: number } {
  return { before: published === null || published === latest ? latest - 1 : published, after: latest };
}

function VersionState({ of: one, published }: { of: Summary; published: number | null }) {
  if (one.version === published) return <Badge tone="good">published</Badge>;
  return one.published_at === null ? <Badge tone="busy">draft</Badge> : <Badge>was published</Badge>;
}
