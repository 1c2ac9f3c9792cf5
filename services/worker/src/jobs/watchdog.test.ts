import { beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog } from '@carillon/testkit';
import { createWatchdog, deafAfterMs, type Watchdog } from './watchdog.ts';

describe('the watchdog of the consumers', () => {
  let nowMs: number;
  let isRedisHealthy: boolean;
  let rebuilt: number;
  let watchdog: Watchdog;

  beforeEach(() => {
    nowMs = 0;
    isRedisHealthy = true;
    rebuilt = 0;
    const deps = { clock: { monotonicMs: () => nowMs }, log: silentLog, redisHealthy: () => isRedisHealthy };
    watchdog = createWatchdog(deps, async () => void (rebuilt += 1));
  });

  it('builds the consumers anew when work is found for long and no job comes', async () => {
    watchdog.workFound();
    nowMs = deafAfterMs - 1;
    await watchdog.check();
    expect(rebuilt).toBe(0);
    nowMs = deafAfterMs;
    await watchdog.check();
    expect(rebuilt).toBe(1);
    await watchdog.check();
    expect(rebuilt).toBe(1);
  });

  it('leaves consumers alone that take any job meanwhile', async () => {
    watchdog.workFound();
    nowMs = deafAfterMs - 1;
    watchdog.jobTaken();
    nowMs = 2 * deafAfterMs;
    await watchdog.check();
    expect(rebuilt).toBe(0);
  });

  it('does not blame them for a Redis that is away', async () => {
    watchdog.workFound();
    isRedisHealthy = false;
    nowMs = deafAfterMs;
    await watchdog.check();
    isRedisHealthy = true;
    await watchdog.check();
    expect(rebuilt).toBe(0);
  });
});
