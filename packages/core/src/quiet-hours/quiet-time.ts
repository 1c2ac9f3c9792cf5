import { areWeekdays, checkQuietWindow, minuteOfDay, type QuietWindow } from './quiet-window.ts';
import { zoneClock, type ZoneClock } from './zone-clock.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** More changes of an offset in a row than any zone has in a year; only so that the walk surely ends. */
const stepsMax = 32;

/** A window as the arithmetic wants it. */
interface WallWindow {
  startMs: number;
  endMs: number;
  /** Undefined means every day. */
  days: readonly number[] | undefined;
  clock: ZoneClock;
}

/**
 * Whether the wall clock in the window's zone shows a quiet minute, start inclusive, end exclusive.
 * An overnight window (start after end) that starts on day D also covers the morning of D + 1; the
 * days are those of the calendar, whether or not a zone skipped one. Start = end is no quiet time,
 * and so is a malformed window: a message on time is better than one that waits for nobody knows what.
 *
 * The rule needs nothing special for daylight saving: what the clock shows twice is quiet twice,
 * what it never shows does not happen.
 */
export function isQuiet(window: QuietWindow, now: Date): boolean {
  const wall = readWindow(window);
  return wall !== undefined && isQuietAt(wall, now.getTime());
}

/**
 * The first instant after `now` at which the window is not quiet, or undefined outside of it. Where
 * the clocks jump over the end, that is the first instant after the gap; where they show the end
 * twice, its first showing, and the window may become quiet once more.
 */
export function quietEnd(window: QuietWindow, now: Date): Date | undefined {
  const wall = readWindow(window);
  if (wall === undefined || !isQuietAt(wall, now.getTime())) return undefined;
  let instantMs = now.getTime();
  for (let step = 0; step < stepsMax && isQuietAt(wall, instantMs); step += 1) {
    instantMs = nextTurnMs(wall, instantMs);
  }
  return new Date(instantMs);
}

/** Whether a stored window cannot be understood, so that it means no quiet time and deserves a warning. */
export function isMalformed(window: QuietWindow): boolean {
  return checkQuietWindow(window).length > 0;
}

/**
 * Where quiet can turn into not quiet: while the offset stays the clock runs evenly and only the
 * end does it; else the clocks jump. So nothing between here and there needs to be looked at.
 */
function nextTurnMs({ endMs, clock }: WallWindow, instantMs: number): number {
  const nowMs = remainder(instantMs + clock.offsetMsAt(instantMs), dayMs);
  const nextEndMs = instantMs + (remainder(endMs - nowMs, dayMs) || dayMs);
  return clock.nextChangeMs(instantMs, nextEndMs) ?? nextEndMs;
}

function isQuietAt({ startMs, endMs, days, clock }: WallWindow, instantMs: number): boolean {
  const wallMs = instantMs + clock.offsetMsAt(instantMs);
  const nowMs = remainder(wallMs, dayMs);
  const startsOn = (dayNumber: number): boolean => days === undefined || days.includes(isoWeekday(dayNumber));
  const today = Math.floor(wallMs / dayMs);
  // Where both are one, no minute lies between them.
  if (startMs <= endMs) return nowMs >= startMs && nowMs < endMs && startsOn(today);
  return (nowMs >= startMs && startsOn(today)) || (nowMs < endMs && startsOn(today - 1));
}

function readWindow(window: QuietWindow): WallWindow | undefined {
  const start = minuteOfDay(window.start);
  const end = minuteOfDay(window.end);
  if (start === undefined || end === undefined || !areWeekdays(window.days)) return undefined;
  const clock = zoneClock(window.zone);
  if (clock === undefined) return undefined;
  return { startMs: start * minuteMs, endMs: end * minuteMs, days: window.days ?? undefined, clock };
}

/** Day 0 is the first of January 1970, a Thursday. */
function isoWeekday(dayNumber: number): number {
  return remainder(dayNumber + 3, 7) + 1;
}

/** Never negative, other than `%`. */
function remainder(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
