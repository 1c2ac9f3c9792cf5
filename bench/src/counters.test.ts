import { describe, expect, it } from '@jest/globals';
import { perNotification, sumCommandCalls } from './counters.mjs';

const cpuUs = { api: 0, worker: 0, postgres: 0, redis: 0, client: 0 };

describe('counters', () => {
  it('sum all commands of Redis but the question itself', () => {
    const info =
      '# Commandstats\r\ncmdstat_evalsha:calls=3,usec=1\r\ncmdstat_info:calls=9,usec=1\r\ncmdstat_client|list:calls=2,usec=1\r\n';
    expect(sumCommandCalls(info)).toBe(5);
  });

  it('are what lies between two readings, for each notification', () => {
    const before = { cpuUs, statements: new Map([['old', 5]]), redisCommands: 10 };
    const after = {
      cpuUs: { ...cpuUs, api: 400, postgres: 100 },
      statements: new Map([
        ['old', 5],
        ['select   1', 2],
        ['insert', 6],
      ]),
      redisCommands: 30,
    };
    expect(perNotification(before, after, 4)).toEqual({
      cpuUs: { ...cpuUs, api: 100, postgres: 25 },
      statements: 2,
      redisCommands: 5,
      topStatements: [
        ['insert', 1500],
        ['select 1', 500],
      ],
    });
  });
});
