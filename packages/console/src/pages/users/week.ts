/** A quiet window as the API tells it: weekdays are ISO's, Monday 1 to Sunday 7; null days mean every day. */
export interface QuietWindow {
  start: string;
  end: string;
  zone: string | null;
  days: readonly number[] | null;
}

/** A quiet stretch of one weekday, in minutes from its midnight on the wall. */
export interface QuietStretch {
  /** Monday 1 to Sunday 7. */
  day: number;
  fromMinute: number;
  /** Up to 1,440; larger than `fromMinute`. */
  toMinute: number;
  /** Whether it is the morning after a window that began the day before. */
  continues: boolean;
}

const dayMinutes = 24 * 60;
const weekdays = [1, 2, 3, 4, 5, 6, 7];

/**
 * The week that a window makes quiet, as it is drawn: the part after midnight belongs to the next day. Undefined for
 * a window that cannot be understood; none where `start` and `end` are the same, which switches quiet hours off.
 */
export function quietWeek(window: QuietWindow): QuietStretch[] | undefined {
  const [from, to] = [minuteOf(window.start), minuteOf(window.end)];
  const days = window.days ?? weekdays;
  if (from === undefined || to === undefined || days.some((day) => !weekdays.includes(day))) return undefined;
  if (from === to) return [];
  const stretches = [...new Set(days)].flatMap((day): QuietStretch[] => {
    if (from < to) return [{ day, fromMinute: from, toMinute: to, continues: false }];
    const evening = { day, fromMinute: from, toMinute: dayMinutes, continues: false };
    const morning = { day: (day % 7) + 1, fromMinute: 0, toMinute: to, continues: true };
    return to === 0 ? [evening] : [evening, morning];
  });
  return stretches.toSorted((a, b) => a.day - b.day || a.fromMinute - b.fromMinute);
}

function minuteOf(text: string): number | undefined {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const minute = Number(hours) * 60 + Number(minutes);
  return Number(hours) < 24 && Number(minutes) < 60 ? minute : undefined;
}

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** "Mon" for 1. */
export function dayName(day: number): string {
  return dayNames[day - 1] ?? String(day);
}

/** "every day", "Mon–Fri" or "Mon, Wed". */
export function daysText(days: readonly number[] | null): string {
  const set = [...new Set(days ?? weekdays)].toSorted((a, b) => a - b);
  const [first, last] = [set[0], set.at(-1)];
  if (first === undefined || last === undefined) return 'no day';
  if (set.length === 7) return 'every day';
  if (set.length > 2 && last - first === set.length - 1) return `${dayName(first)}–${dayName(last)}`;
  return set.map(dayName).join(', ');
}

/** The weekday and minute that the wall shows at an instant in a zone; undefined for a zone that there is not. */
export function wallOf(at: Date, zone: string): { day: number; minute: number } | undefined {
  try {
    const parts = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    }).formatToParts(at);
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
    return {
      day: dayNames.indexOf(part('weekday')) + 1,
      minute: Number(part('hour')) * 60 + Number(part('minute')),
    };
  } catch {
    return undefined;
  }
}
