import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describeMetrics, renderMetricsTable } from './metric-table.ts';
import { createMetrics } from './metrics.ts';

const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');

/** Names and types as a scrape declares them. */
function declared(scrape: string): Map<string, string> {
  return new Map(
    [...scrape.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]),
  );
}

const make = () => createMetrics({ service: 'worker', version: '1.2.3' });

describe('docs/metrics.md', () => {
  it('shows the table of Carillon’s own metrics', () => {
    expect(page).toContain(renderMetricsTable());
  });

  it('names all that a scrape gives', async () => {
    const undocumented = [...declared(await make().scrape()).keys()].filter(
      (name) => !page.includes(`\`${name}\``),
    );
    expect(undocumented).toEqual([]);
  });

  it('names nothing that no scrape gives', async () => {
    const given = declared(await make().scrape());
    // Node offers some figures of the process on Linux only.
    const isLinux = process.platform === 'linux';
    const named = [...page.matchAll(/`(carillon_[a-z_]+)`/g)].map(([, name = '']) => name);
    const expected = isLinux ? named : describeMetrics().map(({ name }) => name);
    expect(expected.filter((name) => !given.has(name))).toEqual([]);
  });
});

describe('a scrape', () => {
  it('declares each metric with the type of the table', async () => {
    const given = declared(await make().scrape());
    const expected = describeMetrics().map(({ name, type }) => [name, type]);
    expect(expected.map(([name = '']) => [name, given.get(name)])).toEqual(expected);
  });

  it('says what runs', async () => {
    const line = `carillon_build_info{service="worker",version="1.2.3",node="${process.versions.node}"} 1`;
    expect(await make().scrape()).toContain(line);
  });

  it('shows what was counted, with the labels of the table', async () => {
    const metrics = make();
    metrics.accepted.inc({ edge: 'v1' }, 3);
    metrics.delivered.inc({ kind: 'email', outcome: 'sent' });
    metrics.flushSize.observe(7);
    metrics.attemptSeconds.observe({ kind: 'webhook' }, 0.2);
    metrics.socketsOpen.inc({ transport: 'websocket' });
    const scrape = await metrics.scrape();
    expect(scrape).toContain('carillon_notifications_accepted_total{edge="v1"} 3');
    expect(scrape).toContain('carillon_deliveries_total{kind="email",outcome="sent"} 1');
    expect(scrape).toContain('carillon_accept_flush_notifications_bucket{le="10"} 1');
    expect(scrape).toContain('carillon_attempt_duration_seconds_sum{kind="webhook"} 0.2');
    expect(scrape).toContain('carillon_sockets_open{transport="websocket"} 1');
  });

  it('keeps two sets of metrics in one process apart', async () => {
    const [one, other] = [make(), make()];
    one.placed.inc(5);
    expect(await other.scrape()).toContain('carillon_inbox_placed_total 0');
  });

  it('asks for figures at the moment of the scrape', async () => {
    const metrics = make();
    let waiting = 1;
    metrics.beforeScrape(() => metrics.poolWaiting.set(waiting));
    expect(await metrics.scrape()).toContain('carillon_pool_waiting 1');
    waiting = 4;
    expect(await metrics.scrape()).toContain('carillon_pool_waiting 4');
  });

  it('comes all the same when a figure cannot be had, and counts that', async () => {
    const metrics = make();
    metrics.oldestDueSeconds.set(3);
    metrics.beforeScrape(() => Promise.reject(new Error('database is away')));
    metrics.beforeScrape(() => new Promise(() => undefined));
    metrics.beforeScrape(() => {
      throw new Error('defect');
    });
    const scrape = await metrics.scrape();
    expect(scrape).toContain('carillon_scrape_errors_total 3');
    expect(scrape).toContain('carillon_oldest_due_seconds 3');
  });
});

describe('labels', () => {
  it('never carry an id, an address or an organization', () => {
    const labels = describeMetrics().flatMap((metric) => metric.labels);
    expect(labels.filter((label) => /id$|organization|tenant|user|address|url/.test(label))).toEqual([]);
  });

  it('belong to names in base units', () => {
    const wrong = describeMetrics().filter(({ name, type }) => {
      const isCounterWithoutTotal = (type === 'counter') !== name.endsWith('_total');
      return (
        !name.startsWith('carillon_') ||
        /_(ms|milliseconds|kb|minutes)(_|$)/.test(name) ||
        isCounterWithoutTotal
      );
    });
    expect(wrong).toEqual([]);
  });
});
