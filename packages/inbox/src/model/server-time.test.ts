import { describe, expect, it } from '@jest/globals';
import { createServerTime } from './server-time.ts';

const noon = Date.parse('2026-03-01T12:00:00Z');

describe('what time it is for the server', () => {
  it.each([
    { name: 'three hours slow', deviceMs: noon - 3 * 3_600_000, isWrong: true },
    { name: 'a day fast', deviceMs: noon + 86_400_000, isWrong: true },
    { name: 'right but for a slow answer', deviceMs: noon + 4_000, isWrong: false },
  ])('is known on a device whose clock is $name', ({ deviceMs, isWrong }) => {
    const time = createServerTime(() => deviceMs);
    time.learn('Sun, 01 Mar 2026 12:00:00 GMT');
    expect(time.isDeviceWrong()).toBe(isWrong);
    expect(time.now().getTime()).toBe(isWrong ? noon : deviceMs);
  });

  it.each([undefined, '', 'yesterday'])('is that of the device as long as nobody says more: %j', (date) => {
    const time = createServerTime(() => noon);
    time.learn(date);
    expect([time.now().getTime(), time.isDeviceWrong()]).toEqual([noon, false]);
  });
});
