import type { Clock } from '@carillon/core';
import { redactText } from './redact.ts';
import { withDeadline } from './timers.ts';

/** One thing that the process needs or would like to have. */
export interface HealthCheck {
  /** `postgres`, `redis`, `schema`: stands in answers. */
  name: string;
  /** Whether the process is useless without it. What is not decisive only shows as degraded. */
  decisive: boolean;
  /** Rejects when it is not well. What it gives back stands in the details. */
  check: () => Promise<Record<string, unknown> | void>;
}

export interface HealthOptions {
  service: string;
  version: string;
  clock: Clock;
  checks: readonly HealthCheck[];
  /** What stands in the details besides, the same at all times. */
  facts?: Readonly<Record<string, unknown>>;
  /** Why the process must be restarted (nothing claimed although work is due), or undefined. Asks no server. */
  stuck?: () => string | undefined;
  /** How long one check may take; 500 ms unless given. */
  timeoutMs?: number;
  /** How long an answer is given again without asking; 1,000 ms unless given. */
  cacheMs?: number;
}

/** An answer for HTTP. */
export interface HealthAnswer {
  statusCode: 200 | 503;
  body: Record<string, unknown>;
}

/** What orchestrators and people may ask of a process. */
export interface Health {
  /** Whether it should be left running. No outage of a server makes it false. */
  live: () => HealthAnswer;
  /** Whether it should get requests: every decisive check is well and it is not draining. */
  ready: () => Promise<HealthAnswer>;
  /** Everything known, with the reasons; for people who are allowed to see it. */
  details: () => Promise<HealthAnswer>;
  /** From now on not ready; cannot be taken back. */
  drain: () => void;
}

interface CheckResult {
  name: string;
  decisive: boolean;
  ok: boolean;
  durationMs: number;
  reason?: string;
  details?: Record<string, unknown>;
}

/** Answers from checks that run at most once per `cacheMs`, all at once, each within `timeoutMs`. */
export function createHealth(options: HealthOptions): Health {
  const {
    service,
    version,
    clock,
    checks,
    facts = {},
    stuck = () => undefined,
    timeoutMs = 500,
    cacheMs = 1000,
  } = options;
  const startedMs = clock.monotonicMs();
  let isDraining = false;
  let round: { results: Promise<CheckResult[]>; atMs: number } | undefined;

  const runChecks = (): Promise<CheckResult[]> => {
    const nowMs = clock.monotonicMs();
    if (round === undefined || nowMs - round.atMs >= cacheMs) {
      round = { results: Promise.all(checks.map((each) => runCheck(clock, each, timeoutMs))), atMs: nowMs };
    }
    return round.results;
  };
  const live = (): HealthAnswer => {
    const reason = stuck();
    return reason === undefined
      ? { statusCode: 200, body: { status: 'live' } }
      : { statusCode: 503, body: { status: 'stuck', reason } };
  };

  return {
    live,
    async ready() {
      return judge(await runChecks(), isDraining);
    },
    async details() {
      const results = await runChecks();
      const { statusCode, body } = judge(results, isDraining);
      const uptimeSeconds = Math.round((clock.monotonicMs() - startedMs) / 1000);
      return {
        statusCode,
        body: {
          ...body,
          service,
          version,
          ...facts,
          uptime_seconds: uptimeSeconds,
          live: live().body,
          checks: results.map(shown),
        },
      };
    },
    drain() {
      isDraining = true;
    },
  };
}

async function runCheck(
  clock: Clock,
  { name, decisive, check }: HealthCheck,
  timeoutMs: number,
): Promise<CheckResult> {
  const startedMs = clock.monotonicMs();
  const finish = (rest: Pick<CheckResult, 'ok' | 'reason' | 'details'>): CheckResult => ({
    name,
    decisive,
    durationMs: Math.round(clock.monotonicMs() - startedMs),
    ...rest,
  });
  try {
    const details = await withDeadline(check(), timeoutMs, () => {
      throw new Error(`no answer within ${timeoutMs} ms`);
    });
    return finish(details === undefined ? { ok: true } : { ok: true, details });
  } catch (error) {
    return finish({ ok: false, reason: redactText(error instanceof Error ? error.message : String(error)) });
  }
}

function judge(results: readonly CheckResult[], isDraining: boolean): HealthAnswer {
  const namesOf = (decisive: boolean): string[] =>
    results.filter((result) => !result.ok && result.decisive === decisive).map(({ name }) => name);
  const failing = namesOf(true);
  const degraded = namesOf(false);
  if (isDraining) return { statusCode: 503, body: { status: 'draining', failing, degraded } };
  if (failing.length > 0) return { statusCode: 503, body: { status: 'not_ready', failing, degraded } };
  return { statusCode: 200, body: { status: 'ready', failing, degraded } };
}

function shown({ name, decisive, ok, durationMs, reason, details }: CheckResult): Record<string, unknown> {
  return { name, decisive, ok, duration_ms: durationMs, reason, details };
}
