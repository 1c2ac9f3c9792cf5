import type { Overview } from '@carillon/client';
import { useLoad } from '../../load.ts';
import { hrefTo } from '../../router.ts';
import { PageHead, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { timeOfDay } from '../../ui/time.tsx';
import { Figures } from './figures.tsx';
import { KindTable } from './kind-table.tsx';
import { warningsOf } from './warnings.ts';

const everyMs = 5_000;

/** How everything is doing, at a glance; asks again every five seconds. */
export function OverviewPage() {
  const overview = useLoad((api, signal) => api.operation.overview({ signal }), [], { everyMs });
  return (
    <div class="page">
      <PageHead title="Overview" lead="What was taken and delivered in the last hour, and what needs you." />
      <Shown of={overview}>{(data) => <Glance overview={data} />}</Shown>
    </div>
  );
}

function Glance({ overview }: { overview: Overview }) {
  return (
    <>
      {warningsOf(overview).map(({ tone, title, text, path, link }) => (
        <div key={title} class={`note ${tone}`}>
          <strong>{title}</strong>
          <span>
            {text} {path !== undefined && <a href={hrefTo(path)}>{link}</a>}
          </span>
        </div>
      ))}
      <Figures overview={overview} />
      <Panel title="Channel kinds" flush>
        <KindTable kinds={overview.kinds} />
      </Panel>
      <p class="small muted">As of {timeOfDay(overview.at)}, by the clock of the server.</p>
    </>
  );
}
