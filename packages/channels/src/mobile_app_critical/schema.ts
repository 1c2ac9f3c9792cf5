import type { KindDescription } from '../adapter.ts';
import { devices } from '../mobile_app/schema.ts';

const second = 1_000;
const minute = 60 * second;

/** Messages to devices that break their silence: the same app, asked to be as loud as it may. */
export const mobileAppCriticalDescription: KindDescription = {
  ...devices,
  kind: 'mobile_app_critical',
  title: 'Mobile app (critical)',
  // Under two hours: what is critical is wanted now.
  retryScheduleMs: [5 * second, 15 * second, 1 * minute, 5 * minute, 20 * minute, 60 * minute],
};
