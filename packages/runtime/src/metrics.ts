import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { metricTable } from './metric-table.ts';
import { withDeadline } from './timers.ts';

/** The figures of one process; the names of the fields are those of `metricTable`. */
export type Metrics = ReturnType<typeof createMetrics>;

const refreshWithinMs = 500;

/**
 * Carillon's metrics and Node's own (prefix `carillon_`) in a registry of their own, so that two can
 * live in one process.
 */
export function createMetrics({ service, version }: { service: string; version: string }) {
  const registry = new Registry();
  const refreshers: (() => Promise<void> | void)[] = [];
  // Its monitor wakes the process so often: ten times a second is enough to see a stall, and costs nothing idle.
  collectDefaultMetrics({ register: registry, prefix: 'carillon_', eventLoopMonitoringPrecision: 100 });
  const own = createOwn(registry);
  own.buildInfo.set({ service, version, node: process.versions.node }, 1);
  return {
    ...own,
    contentType: registry.contentType,
    /**
     * Registers what must be asked for at the moment of a scrape. One that fails or takes more than
     * 500 ms is counted, and its figure keeps the last value.
     */
    beforeScrape(refresh: () => Promise<void> | void): void {
      refreshers.push(refresh);
    },
    /** All metrics in the Prometheus text format. */
    async scrape(): Promise<string> {
      const missed = await Promise.all(refreshers.map(hasMissed));
      own.scrapeErrors.inc(missed.filter(Boolean).length);
      return registry.metrics();
    },
  };
}

async function hasMissed(refresh: () => Promise<void> | void): Promise<boolean> {
  try {
    const work = Promise.resolve(refresh()).then(() => false);
    return await withDeadline(work, refreshWithinMs, () => true);
  } catch {
    return true;
  }
}

/** Written out one by one: so each field has its own label names as a type, without casts. */
function createOwn(registry: Registry) {
  const { counter, gauge, histogram } = makers(registry);
  return {
    buildInfo: gauge(metricTable.buildInfo),
    accepted: counter(metricTable.accepted),
    dispatched: counter(metricTable.dispatched),
    placed: counter(metricTable.placed),
    delivered: counter(metricTable.delivered),
    suppressed: counter(metricTable.suppressed),
    rendered: counter(metricTable.rendered),
    digested: counter(metricTable.digested),
    fallbacks: counter(metricTable.fallbacks),
    callbacks: counter(metricTable.callbacks),
    putOff: counter(metricTable.putOff),
    circuitsOpened: counter(metricTable.circuitsOpened),
    circuitsOpen: gauge(metricTable.circuitsOpen),
    attemptSeconds: histogram(metricTable.attemptSeconds),
    flushSize: histogram(metricTable.flushSize),
    dispatchBatch: histogram(metricTable.dispatchBatch),
    ruleSteps: counter(metricTable.ruleSteps),
    ruleRunsEnded: counter(metricTable.ruleRunsEnded),
    ruleLateness: histogram(metricTable.ruleLateness),
    socketsOpen: gauge(metricTable.socketsOpen),
    framesSent: counter(metricTable.framesSent),
    hintsPublished: counter(metricTable.hintsPublished),
    reconciled: counter(metricTable.reconciled),
    redisUp: gauge(metricTable.redisUp),
    oldestDueSeconds: gauge(metricTable.oldestDueSeconds),
    poolWaiting: gauge(metricTable.poolWaiting),
    jobErrors: counter(metricTable.jobErrors),
    scrapeErrors: counter(metricTable.scrapeErrors),
  };
}

interface Shape<Type extends string, Label extends string> {
  name: string;
  help: string;
  type: Type;
  labels: readonly Label[];
}

function makers(registry: Registry) {
  const registers = [registry];
  return {
    counter: <Label extends string>({ name, help, labels }: Shape<'counter', Label>) =>
      new Counter({ name, help, labelNames: labels, registers }),
    gauge: <Label extends string>({ name, help, labels }: Shape<'gauge', Label>) =>
      new Gauge({ name, help, labelNames: labels, registers }),
    histogram: <Label extends string>({
      name,
      help,
      labels,
      buckets,
    }: Shape<'histogram', Label> & { buckets: readonly number[] }) =>
      new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers }),
  };
}
