import { renderTable } from './markdown-table.ts';

const latencySeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];
const batchSizes = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000];

/**
 * Carillon's own metrics. Base units (seconds, counts); no ids, addresses or organizations in labels:
 * every label is one of a closed list. docs/metrics.md shows this table.
 */
export const metricTable = {
  buildInfo: {
    name: 'carillon_build_info',
    type: 'gauge',
    labels: ['service', 'version', 'node'],
    help: 'Always 1; the labels say what runs',
  },
  accepted: {
    name: 'carillon_notifications_accepted_total',
    type: 'counter',
    labels: ['edge'],
    help: 'Notifications whose rows are committed, by the API form that took them',
  },
  dispatched: {
    name: 'carillon_notifications_dispatched_total',
    type: 'counter',
    labels: [],
    help: 'Notifications that were planned and turned into inbox items and deliveries',
  },
  placed: {
    name: 'carillon_inbox_placed_total',
    type: 'counter',
    labels: [],
    help: 'Notifications that entered an inbox',
  },
  delivered: {
    name: 'carillon_deliveries_total',
    type: 'counter',
    labels: ['kind', 'outcome'],
    help: 'Recorded tries to send, by channel kind and outcome (sent, captured, retry, reject, unknown, crashed)',
  },
  suppressed: {
    name: 'carillon_suppressed_total',
    type: 'counter',
    labels: ['reason'],
    help: 'Decisions not to deliver, by reason code',
  },
  rendered: {
    name: 'carillon_rendered_total',
    type: 'counter',
    labels: ['outcome'],
    help: 'Texts rendered from templates, by outcome',
  },
  digested: {
    name: 'carillon_digested_total',
    type: 'counter',
    labels: [],
    help: 'Held deliveries that were told in a message together with others',
  },
  fallbacks: {
    name: 'carillon_fallbacks_total',
    type: 'counter',
    labels: ['kind'],
    help: 'Failed tries after which the next channel of the kind was tried at once',
  },
  callbacks: {
    name: 'carillon_callbacks_total',
    type: 'counter',
    labels: ['kind', 'outcome'],
    help: 'Callbacks of vendors, by channel kind and whether they were believed (read, refused)',
  },
  putOff: {
    name: 'carillon_put_off_total',
    type: 'counter',
    labels: ['kind', 'reason'],
    help: 'Sends put off before they began, by reason (rate_limited, circuit_open, endpoint_busy)',
  },
  circuitsOpened: {
    name: 'carillon_circuits_opened_total',
    type: 'counter',
    labels: ['kind'],
    help: 'Times that this process found a channel whose target does not answer, and opened its circuit',
  },
  circuitsOpen: {
    name: 'carillon_circuits_open',
    type: 'gauge',
    labels: ['kind'],
    help: 'Channels whose target does not answer, to which only probes are sent',
  },
  attemptSeconds: {
    name: 'carillon_attempt_duration_seconds',
    type: 'histogram',
    labels: ['kind'],
    buckets: latencySeconds,
    help: 'How long one try to send took, by channel kind',
  },
  flushSize: {
    name: 'carillon_accept_flush_notifications',
    type: 'histogram',
    labels: [],
    buckets: batchSizes,
    help: 'Notifications written by one insert of the API',
  },
  dispatchBatch: {
    name: 'carillon_dispatch_batch_notifications',
    type: 'histogram',
    labels: [],
    buckets: batchSizes,
    help: 'Notifications planned and placed together by a worker',
  },
  ruleSteps: {
    name: 'carillon_rule_steps_total',
    type: 'counter',
    labels: ['decision'],
    help: 'Steps of notification rules, by what was decided (send, wait, hold, suppress)',
  },
  ruleRunsEnded: {
    name: 'carillon_rule_runs_ended_total',
    type: 'counter',
    labels: ['outcome'],
    help: 'Runs of notification rules that ended, by outcome (finished, stopped, unreached)',
  },
  ruleLateness: {
    name: 'carillon_rule_lateness_seconds',
    type: 'histogram',
    labels: [],
    buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300],
    help: 'How long after their time runs of notification rules were taken on',
  },
  socketsOpen: {
    name: 'carillon_sockets_open',
    type: 'gauge',
    labels: ['transport'],
    help: 'Live inbox connections, by transport (websocket, sse)',
  },
  framesSent: {
    name: 'carillon_frames_sent_total',
    type: 'counter',
    labels: [],
    help: 'Messages written to live inbox connections',
  },
  hintsPublished: {
    name: 'carillon_hints_published_total',
    type: 'counter',
    labels: [],
    help: 'Inbox changes announced over Redis',
  },
  reconciled: {
    name: 'carillon_reconciled_total',
    type: 'counter',
    labels: ['stage'],
    help: 'Due work found in PostgreSQL that no job had brought, by stage (dispatch, deliver)',
  },
  redisUp: {
    name: 'carillon_redis_up',
    type: 'gauge',
    labels: [],
    help: '1 while Redis takes writes, 0 while it is away, full or read-only',
  },
  oldestDueSeconds: {
    name: 'carillon_oldest_due_seconds',
    type: 'gauge',
    labels: [],
    help: 'Lateness of the oldest work that is due and not paused; the one figure to alert on (> 60)',
  },
  poolWaiting: {
    name: 'carillon_pool_waiting',
    type: 'gauge',
    labels: [],
    help: 'Calls waiting for a PostgreSQL connection',
  },
  jobErrors: {
    name: 'carillon_job_errors_total',
    type: 'counter',
    labels: ['job'],
    help: 'Rounds of jobs and sweeps that ended by an error; their work is found again',
  },
  scrapeErrors: {
    name: 'carillon_scrape_errors_total',
    type: 'counter',
    labels: [],
    help: 'Figures that could not be refreshed for a scrape and kept their last value',
  },
} as const;

/** One line of the table of metrics. */
export interface MetricDescription {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  labels: readonly string[];
  help: string;
}

/** Carillon's own metrics in the order of docs/metrics.md. */
export function describeMetrics(): MetricDescription[] {
  return Object.values(metricTable);
}

/** The table of metrics as Markdown, exactly as docs/metrics.md has it. */
export function renderMetricsTable(): string {
  const rows = describeMetrics().map(({ name, type, labels, help }) => {
    return [`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(', '), help];
  });
  return renderTable(['Metric', 'Type', 'Labels', 'Meaning'], rows);
}
