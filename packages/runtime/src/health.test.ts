import { describe, expect, it } from '@jest/globals';
import { createHealth, type HealthCheck } from './health.ts';

const well: HealthCheck = { name: 'postgres', decisive: true, check: () => Promise.resolve() };
const unwell = (name: string, decisive: boolean): HealthCheck => ({
  name,
  decisive,
  check: () => Promise.reject(new Error(`${name}://u:hunter2@host refused`)),
});

function health(
  checks: readonly HealthCheck[],
  more: { stuck?: () => string | undefined; timeoutMs?: number; facts?: Record<string, unknown> } = {},
) {
  let nowMs = 0;
  const clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs };
  const created = createHealth({ service: 'worker', version: '1', clock, checks, ...more });
  return { ...created, advance: (durationMs: number) => (nowMs += durationMs) };
}

describe('readiness', () => {
  it.each([
    {
      name: 'is there when all is well',
      checks: [well],
      expected: { status: 'ready', failing: [], degraded: [] },
      statusCode: 200,
    },
    {
      name: 'stays when something not decisive is away, and names it',
      checks: [well, unwell('redis', false)],
      expected: { status: 'ready', failing: [], degraded: ['redis'] },
      statusCode: 200,
    },
    {
      name: 'goes when something decisive is away',
      checks: [unwell('postgres', true), unwell('redis', false)],
      expected: { status: 'not_ready', failing: ['postgres'], degraded: ['redis'] },
      statusCode: 503,
    },
    {
      name: 'goes when a check does not answer in time',
      checks: [{ ...well, check: () => new Promise<void>(() => undefined) }],
      expected: { status: 'not_ready', failing: ['postgres'], degraded: [] },
      statusCode: 503,
    },
    {
      name: 'goes when a check throws before it waits',
      checks: [
        {
          ...well,
          check: () => {
            throw new Error('defect');
          },
        },
      ],
      expected: { status: 'not_ready', failing: ['postgres'], degraded: [] },
      statusCode: 503,
    },
  ])('$name', async ({ checks, expected, statusCode }) => {
    expect(await health(checks, { timeoutMs: 20 }).ready()).toEqual({ statusCode, body: expected });
  });

  it('is over for good when the process drains', async () => {
    const { drain, ready } = health([well]);
    drain();
    expect(await ready()).toMatchObject({ statusCode: 503, body: { status: 'draining' } });
  });

  it('asks each server once a second however often it is asked itself', async () => {
    let asked = 0;
    const check = { ...well, check: () => Promise.resolve({ asked: (asked += 1) }) };
    const { ready, details, advance } = health([check]);
    await Promise.all([ready(), ready(), details()]);
    advance(999);
    await ready();
    expect(asked).toBe(1);
    advance(1);
    await ready();
    expect(asked).toBe(2);
  });
});

describe('liveness', () => {
  it('does not depend on any server', () => {
    expect(health([unwell('postgres', true)]).live()).toEqual({ statusCode: 200, body: { status: 'live' } });
  });

  it('ends when the process is stuck, and says why', () => {
    const { live } = health([well], { stuck: () => 'nothing claimed for 60 s' });
    expect(live()).toEqual({
      statusCode: 503,
      body: { status: 'stuck', reason: 'nothing claimed for 60 s' },
    });
  });
});

describe('details', () => {
  it('say what is known of the process and of each check, without passwords', async () => {
    const schema = { name: 'schema', decisive: true, check: () => Promise.resolve({ version: 4 }) };
    const facts = { delivery_mode: 'capture' };
    const { details, advance } = health([schema, unwell('redis', false)], { facts });
    advance(2000);
    expect(await details()).toEqual({
      statusCode: 200,
      body: {
        status: 'ready',
        failing: [],
        degraded: ['redis'],
        service: 'worker',
        version: '1',
        delivery_mode: 'capture',
        uptime_seconds: 2,
        live: { status: 'live' },
        checks: [
          { name: 'schema', decisive: true, ok: true, duration_ms: 0, details: { version: 4 } },
          {
            name: 'redis',
            decisive: false,
            ok: false,
            duration_ms: 0,
            reason: 'redis://[redacted]@host refused',
          },
        ],
      },
    });
  });
});
