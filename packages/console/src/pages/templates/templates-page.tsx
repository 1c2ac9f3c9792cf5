import { useState } from 'preact/hooks';
import type { Template } from '@carillon/client';
import { useFilteredList } from '../../filters.ts';
import { hrefTo } from '../../router.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Empty, PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Instant } from '../../ui/time.tsx';
import { NewTemplateDialog } from './new-template-dialog.tsx';

/** What notifications of each sort say. */
export function TemplatesPage({ query }: PageProps) {
  const [isMaking, setIsMaking] = useState(false);
  const { list } = useFilteredList(query, [], (api, asked, signal) =>
    api.templates.list({ limit: 50, ...asked }, { signal }),
  );
  return (
    <div class="page">
      <PageHead title="Templates" lead="What notifications say, written once for every channel and language.">
        <a class="button" href={hrefTo('/template-parts')}>
          Layouts and partials
        </a>
        <Button look="primary" onClick={() => setIsMaking(true)}>
          New template
        </Button>
      </PageHead>
      <Panel flush>
        <KeysetTable
          caption="Templates"
          of={list}
          by="key"
          keyOf={(template) => template.id}
          empty={
            <Empty title="There is no template yet">Notifications may bring their own words, too.</Empty>
          }
          columns={[
            {
              title: 'Name',
              cell: ({ key, name }) => (
                <>
                  <a href={hrefTo(`/templates/${encodeURIComponent(key)}`)}>{name}</a>
                  <span class="sub mono">{key}</span>
                </>
              ),
            },
            { title: 'Group', cell: ({ group }) => group || <span class="muted">–</span> },
            { title: 'Category', cell: ({ category }) => category },
            { title: 'State', cell: (template) => <TemplateState template={template} /> },
            { title: 'Changed', class: 'narrow', cell: (template) => <Instant at={template.updated_at} /> },
          ]}
        />
      </Panel>
      {isMaking && <NewTemplateDialog onClose={() => setIsMaking(false)} />}
    </div>
  );
}

/** How a template stands, and which version is sent. */
export function TemplateState({ template }: { template: Template }) {
  const { enabled, paused_at: pausedAt, published_version: published, latest_version: latest } = template;
  const hasDraft = latest !== null && latest !== published;
  return (
    <span class="row">
      {!enabled && <Badge>switched off</Badge>}
      {pausedAt !== null && <Badge tone="warn">paused</Badge>}
      {published === null ? (
        <Badge tone="warn">not published</Badge>
      ) : (
        <Badge tone="good">version {published}</Badge>
      )}
      {hasDraft && published !== null && <Badge tone="busy">draft {latest}</Badge>}
      {template.mandatory && <Badge>mandatory</Badge>}
      {template.urgent && <Badge>urgent</Badge>}
    </span>
  );
}
