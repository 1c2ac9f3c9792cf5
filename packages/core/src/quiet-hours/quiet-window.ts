import type { FieldError } from '../errors.ts';
import { isZone } from './zone-clock.ts';

/** Times of day between which non-urgent deliveries wait, every day or on some weekdays. */
export interface QuietWindow {
  /** First quiet minute, `HH:MM` on the wall. */
  start: string;
  /** First minute that is not quiet any more, `HH:MM`; before `start` it lies on the next day. */
  end: string;
  /** IANA name, kept as it was sent. */
  zone: string;
  /**
   * ISO weekdays (Monday 1 … Sunday 7) on which the window **starts**; the morning after belongs to
   * it. Absent or null means every day.
   */
  days?: readonly number[] | null | undefined;
}

/**
 * What quiet time does to a delivery: `hold` it until the end, `drop` it, put it into one `digest`
 * at the end, or nothing at all (`off`). Set on categories, and by users on preference rows.
 */
export const quietModes = ['hold', 'drop', 'digest', 'off'] as const;
export type QuietMode = (typeof quietModes)[number];

export type ParsedQuietWindow = { window: QuietWindow } | { errors: FieldError[] };

const timeShape = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** Minutes since midnight of an `HH:MM` time, or undefined for anything else (24:00 and 7:00 too). */
export function minuteOfDay(time: unknown): number | undefined {
  if (typeof time !== 'string' || !timeShape.test(time)) return undefined;
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** Whether these are ISO weekdays, each once and at least one; absent means every day and is right. */
export function areWeekdays(days: unknown): days is readonly number[] | null | undefined {
  if (days == null) return true;
  if (!Array.isArray(days) || days.length === 0 || days.length > 7) return false;
  // A loop without a Set: this stands on the way of every delivery.
  let seen = 0;
  for (const day of days) {
    if (!isWeekday(day) || (seen & (1 << day)) !== 0) return false;
    seen |= 1 << day;
  }
  return true;
}

/**
 * Reads a window from a request: the window as sent (unknown members left out), or what is wrong
 * and what would be right.
 */
export function parseQuietWindow(value: unknown, pointer = ''): ParsedQuietWindow {
  if (!isQuietWindow(value)) return { errors: checkQuietWindow(value, pointer) };
  const { start, end, zone, days } = value;
  return { window: days == null ? { start, end, zone } : { start, end, zone, days: [...days] } };
}

/**
 * Everything that is wrong with a window, each with what would be right; empty when it can be stored.
 * `pointer` is the JSON pointer of the window in its body. Equal times are right: they mean no quiet
 * time, the way to switch a broader window off.
 */
export function checkQuietWindow(value: unknown, pointer = ''): FieldError[] {
  if (typeof value !== 'object' || value === null) {
    return [{ pointer, detail: 'must be an object with start, end, zone and, if wanted, days' }];
  }
  const { start, end, zone, days }: Partial<Record<keyof QuietWindow, unknown>> = value;
  return [
    ...checkTime(start, `${pointer}/start`),
    ...checkTime(end, `${pointer}/end`),
    ...checkZone(zone, `${pointer}/zone`),
    ...checkDays(days, `${pointer}/days`),
  ];
}

function isQuietWindow(value: unknown): value is QuietWindow {
  return checkQuietWindow(value).length === 0;
}

function checkTime(time: unknown, pointer: string): FieldError[] {
  if (minuteOfDay(time) !== undefined) return [];
  const rule = 'must be a time of day from 00:00 to 23:59 with two digits each, for example';
  if (time === '24:00') return [{ pointer, detail: `${rule} 00:00 for midnight` }];
  const padded = typeof time === 'string' ? `0${time}` : '';
  return [{ pointer, detail: `${rule} ${minuteOfDay(padded) === undefined ? '22:00' : padded}` }];
}

function checkZone(zone: unknown, pointer: string): FieldError[] {
  if (isZone(zone)) return [];
  const rule = 'must be the name of an IANA time zone, for example Europe/Berlin';
  const isOffset = typeof zone === 'string' && /^[+-]/.test(zone);
  return [{ pointer, detail: isOffset ? `${rule}; an offset knows no daylight saving` : rule }];
}

function checkDays(days: unknown, pointer: string): FieldError[] {
  const rule = 'must be weekdays from 1 (Monday) to 7 (Sunday), each once';
  if (areWeekdays(days)) return [];
  if (!Array.isArray(days) || days.length > 7)
    return [{ pointer, detail: `${rule}, for example [1, 2, 3, 4, 5]` }];
  if (days.length === 0) return [{ pointer, detail: `${rule}; leave days out for every day` }];
  const list: readonly unknown[] = days;
  return list.flatMap((day, index) => checkDay(list, day, index, `${pointer}/${index}`));
}

function checkDay(days: readonly unknown[], day: unknown, index: number, pointer: string): FieldError[] {
  if (!isWeekday(day)) {
    const detail = 'must be a weekday from 1 (Monday) to 7 (Sunday)';
    return [{ pointer, detail: day === 0 ? `${detail}; Sunday is 7` : detail }];
  }
  return days.indexOf(day) < index ? [{ pointer, detail: `names weekday ${day} a second time` }] : [];
}

function isWeekday(day: unknown): day is number {
  return typeof day === 'number' && Number.isInteger(day) && day >= 1 && day <= 7;
}
