import { describe, expect, it } from '@jest/globals';
import type { LogLevel } from './config/config.ts';
import { createLog, earlyLogLevel } from './log.ts';

function captured(level: LogLevel) {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { lines, log: createLog({ service: 'api', version: '1.2.3', level, destination }) };
}

describe('log lines', () => {
  it('are JSON with time, level, service, version and process', () => {
    const { lines, log } = captured('info');
    log.info({ event: 'delivery.sent', deliveryId: 'd1' });
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        service: 'api',
        version: '1.2.3',
        pid: process.pid,
        event: 'delivery.sent',
        deliveryId: 'd1',
      },
    ]);
  });

  it('carry the ids of the child they were written with', () => {
    const { lines, log } = captured('debug');
    log.child({ requestId: 'r1' }).child({ jobId: 'j1', token: 'abc' }).warn({ event: 'job.retried' });
    expect(lines[0]).toMatchObject({ level: 'warn', requestId: 'r1', jobId: 'j1', token: '[redacted]' });
  });

  it('hide secrets', () => {
    const { lines, log } = captured('info');
    log.error({ event: 'x', request: { headers: { authorization: 'Bearer abcdefghijk' } } });
    expect(JSON.stringify(lines)).not.toContain('abcdefghijk');
  });

  it.each<{ level: LogLevel; expected: string[] }>([
    { level: 'debug', expected: ['debug', 'info', 'warn', 'error'] },
    { level: 'info', expected: ['info', 'warn', 'error'] },
    { level: 'warn', expected: ['warn', 'error'] },
    { level: 'error', expected: ['error'] },
  ])('start at level $level', ({ level, expected }) => {
    const { lines, log } = captured(level);
    log.debug({ event: 'x' });
    log.info({ event: 'x' });
    log.warn({ event: 'x' });
    log.error({ event: 'x' });
    expect(lines.map((line) => line['level'])).toEqual(expected);
  });
});

describe('the level before the settings are loaded', () => {
  it.each([
    { value: 'debug', expected: 'debug' },
    { value: ' error ', expected: 'error' },
    { value: 'loud', expected: 'info' },
    { value: undefined, expected: 'info' },
  ])('is $expected for $value', ({ value, expected }) => {
    expect(earlyLogLevel({ LOG_LEVEL: value })).toBe(expected);
  });
});
