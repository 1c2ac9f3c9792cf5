/** A clock that is further off than this is wrong, and no matter of a slow answer. */
const toleranceMs = 90_000;

/**
 * What time it is for the server, by the `Date` of its answers: devices whose clock is wrong by hours show times
 * and days all the same.
 */
export interface ServerTime {
  /** An answer was made at that instant. */
  learn(date: string | undefined): void;
  now(): Date;
  /** Whether the device's clock is wrong. */
  isDeviceWrong(): boolean;
}

export function createServerTime(deviceMs: () => number = Date.now): ServerTime {
  let offsetMs = 0;
  return {
    learn(date) {
      const at = date === undefined ? Number.NaN : Date.parse(date);
      if (Number.isNaN(at)) return;
      const difference = at - deviceMs();
      offsetMs = Math.abs(difference) > toleranceMs ? difference : 0;
    },
    now: () => new Date(deviceMs() + offsetMs),
    isDeviceWrong: () => offsetMs !== 0,
  };
}
