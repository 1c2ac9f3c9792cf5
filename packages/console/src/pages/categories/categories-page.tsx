import { useState } from 'preact/hooks';
import { useLoad } from '../../load.ts';
import { hrefTo } from '../../router.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Table, type Column } from '../../ui/keyset-table.tsx';
import { Empty, PageHead, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Instant } from '../../ui/time.tsx';
import { modeText } from '../users/effective.ts';
import type { Category } from './category-page.tsx';
import { NewCategoryDialog } from './new-category-dialog.tsx';

const columns: readonly Column<Category>[] = [
  {
    title: 'Name',
    cell: ({ key, name }) => (
      <>
        <a href={hrefTo(`/categories/${encodeURIComponent(key)}`)}>{name}</a>
        <span class="sub mono">{key}</span>
      </>
    ),
  },
  { title: 'What users read', cell: ({ description }) => description || <span class="muted">–</span> },
  {
    title: 'Who chose nothing',
    class: 'narrow',
    cell: ({ mandatory, default_enabled: isOn }) =>
      mandatory ? (
        <Badge tone="busy">mandatory</Badge>
      ) : (
        <Badge tone={isOn ? 'good' : 'quiet'}>{isOn ? 'on' : 'off'}</Badge>
      ),
  },
  {
    title: 'In quiet time',
    cell: ({ mandatory, quiet_mode: mode }) => modeText(mandatory ? 'off' : mode),
  },
  { title: 'Changed', class: 'narrow', cell: ({ updated_at: at }) => <Instant at={at} /> },
];

/** The sorts of notifications that people switch on and off. An organization has 200 at most: they are one page. */
export function CategoriesPage() {
  const [isMaking, setIsMaking] = useState(false);
  const loaded = useLoad((api, signal) => api.categories.list({ signal }), []);
  return (
    <div class="page">
      <PageHead
        title="Categories"
        lead="What users switch on and off: billing, releases. Notifications of a category that is not here are on, and held in quiet time."
      >
        <Button look="primary" onClick={() => setIsMaking(true)}>
          New category
        </Button>
      </PageHead>
      <Panel flush>
        <Shown of={loaded}>
          {({ data: rows }) =>
            rows.length === 0 ? (
              <Empty title="There is no category yet">
                Notifications may name any; one that stands here has a name, and rules of its own.
              </Empty>
            ) : (
              <Table {...{ caption: 'Categories', rows, columns, keyOf: ({ key }: Category) => key }} />
            )
          }
        </Shown>
      </Panel>
      {isMaking && (
        <NewCategoryDialog
          taken={new Set(loaded.data?.data.map(({ key }) => key))}
          onClose={() => setIsMaking(false)}
        />
      )}
    </div>
  );
}
