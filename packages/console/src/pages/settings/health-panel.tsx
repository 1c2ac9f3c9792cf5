import type { HealthDetails } from '@carillon/client';
import { useLoad } from '../../load.ts';
import { Badge } from '../../ui/badge.tsx';
import { Table, type Column } from '../../ui/keyset-table.tsx';
import { Facts, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { formatDuration, zone } from '../../ui/time.tsx';

type Check = HealthDetails['checks'][number];

const names: Readonly<Record<string, string>> = { postgres: 'PostgreSQL', redis: 'Redis' };

const columns: readonly Column<Check>[] = [
  { title: 'Needs', cell: ({ name }) => names[name] ?? name },
  {
    title: 'State',
    cell: ({ ok, decisive, reason }) => (
      <>
        <Badge tone={ok ? 'good' : decisive ? 'bad' : 'warn'}>
          {ok ? 'well' : decisive ? 'away' : 'missed'}
        </Badge>
        {reason !== undefined && <span class="sub">{reason}</span>}
      </>
    ),
  },
  { title: 'Answered in', class: 'number', cell: ({ duration_ms: ms }) => formatDuration(ms) },
];

/** How the API instance is that answers this page. */
export function HealthPanel() {
  const health = useLoad((api, signal) => api.operation.health({ signal }), [], { everyMs: 10_000 });
  return (
    <Panel title="This server" flush>
      <Shown of={health}>
        {(data) => (
          <>
            <div class="inset">
              <Facts
                of={[
                  ['Version', data.version],
                  ['Messages to the outside', deliveryWords[data.delivery_mode]],
                  ['Running for', formatDuration(data.uptime_seconds * 1000)],
                  ['Times on these pages', zone()],
                ]}
              />
            </div>
            <Table caption="What it needs" rows={data.checks} columns={columns} keyOf={({ name }) => name} />
          </>
        )}
      </Shown>
    </Panel>
  );
}

const deliveryWords: Readonly<Record<HealthDetails['delivery_mode'], string>> = {
  live: 'are sent',
  capture: 'are all kept back (on trial)',
  allowlist: 'are kept back but for named targets (on trial)',
};
