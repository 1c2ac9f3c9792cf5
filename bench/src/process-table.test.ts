import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { parseStat, residentBytes, treeCpuUs } from './process-table.mjs';

describe('the process table', () => {
  it('reads a line whose program name holds spaces and brackets', () => {
    const line = '42 (postgres: a (b) c) S 7 42 42 0 -1 4194304 100 0 0 0 12 3 4 5 20 0 1 0 100 1000 10';
    expect(parseStat(line)).toEqual({ pid: 42, parentPid: 7, cpuUs: 150_000, endedChildrenCpuUs: 90_000 });
  });

  it('counts what children that ended have used', () => {
    const before = treeCpuUs(process.pid);
    const burn = 'const end = process.cpuUsage().user + 300000; while (process.cpuUsage().user < end);';
    expect(spawnSync(process.execPath, ['-e', burn]).status).toBe(0);
    expect(treeCpuUs(process.pid) - before).toBeGreaterThan(250_000);
  });

  it('throws for a process that is not there', () => expect(() => treeCpuUs(2 ** 30)).toThrow('has ended'));

  it('knows that this process holds memory', () =>
    expect(residentBytes(process.pid)).toBeGreaterThan(10_000_000));
});
