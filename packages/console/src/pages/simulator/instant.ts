/** What a clock on the wall shows: `2026-11-22T03:00`, as a field for date and time gives it. */
export type WallTime = string;

/** An instant for a wall time, and what the clock really shows then where that time does not exist. */
export interface InstantAt {
  at: Date;
  shows: WallTime;
}

/**
 * The instant at which the wall of a zone shows this time. A time that comes twice (clocks go back) is the first of
 * the two; one that is left out (clocks go forward) is as much later as the clock jumps. Undefined for a time or a
 * zone that there is not.
 */
export function instantAt(wall: WallTime, zone: string): InstantAt | undefined {
  const asUtc = Date.parse(`${wall.length === 16 ? `${wall}:00` : wall}Z`);
  if (Number.isNaN(asUtc) || !isZone(zone)) return undefined;
  // The offset a day before and a day after are the only two that can hold.
  const day = 24 * 60 * 60 * 1000;
  const candidates = [asUtc - day, asUtc + day].map((near) => asUtc - offsetMs(new Date(near), zone));
  const fitting = candidates.filter((ms) => ms + offsetMs(new Date(ms), zone) === asUtc);
  const ms = fitting.length > 0 ? Math.min(...fitting) : Math.max(...candidates);
  const at = new Date(ms);
  return { at, shows: wallAt(at, zone) };
}

/** What the wall of a zone shows at an instant, to the minute. */
export function wallAt(at: Date, zone: string): WallTime {
  return new Date(at.getTime() + offsetMs(at, zone)).toISOString().slice(0, 16);
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone !== '';
  } catch {
    return false;
  }
}

/** How far the wall of a zone is ahead of UTC at an instant. */
function offsetMs(at: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  const shown = Date.UTC(
    ...([
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    ] as const),
  );
  return shown - Math.floor(at.getTime() / 1000) * 1000;
}

/** The next time that the wall of a zone shows a weekday (Monday 1 to Sunday 7) and an hour, from `now` on. */
export function nextWall(now: Date, zone: string, weekday: number, hour: number): WallTime {
  const wall = wallAt(now, zone);
  const midnight = Date.parse(`${wall.slice(0, 10)}T00:00:00Z`);
  const today = ((new Date(midnight).getUTCDay() + 6) % 7) + 1;
  const isPast = today === weekday && Number(wall.slice(11, 13)) >= hour;
  const days = isPast ? 7 : (weekday - today + 7) % 7;
  const date = new Date(midnight + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  return `${date}T${String(hour).padStart(2, '0')}:00`;
}
