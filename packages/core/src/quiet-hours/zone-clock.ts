/** What the clocks on the walls of one time zone show. All instants are milliseconds since 1970 UTC. */
export interface ZoneClock {
  /** Wall clock minus UTC at this instant, in milliseconds. */
  offsetMsAt(instantMs: number): number;
  /** The first change of the offset in (`afterMs`, `untilMs`], or undefined when there is none. */
  nextChangeMs(afterMs: number, untilMs: number): number | undefined;
  /** What the clock shows, as `YYYY-MM-DD HH:MM`; undefined for an instant that is none. */
  textAt(instantMs: number): string | undefined;
}

/** One UTC day of a zone: the offset before and from `changesAtMs`, which is Infinity on nearly all days. */
interface ZoneDay {
  beforeMs: number;
  afterMs: number;
  changesAtMs: number;
}

/** Longer than any name of the time zone database; the same bound as in the contracts. */
const zoneNameCharsMax = 64;
/** A name begins with a letter: newer engines also take offsets, which know no daylight saving. */
const zoneNameShape = /^[A-Za-z][A-Za-z0-9_+/-]*$/;

/** A formatter holds some 50 KB outside the heap and costs 0.2 ms to make; Intl knows some 600 names. */
const zoneClocksMax = 640;
const zoneDaysMax = 256;
const dayMs = 86_400_000;
const minuteMs = 60_000;

/**
 * Offsets are asked for within these years only: before, Intl's ISO calendar is not Gregorian all the
 * way, and clocks were local mean time anyhow. Instants outside take the offset of the nearer end.
 */
const firstAskedMs = Date.UTC(1900, 0, 1);
const lastAskedMs = Date.UTC(9998, 11, 31);

const zoneClocks = new Map<string, ZoneClock | undefined>();

/**
 * The clock of a zone, or undefined for what is no IANA name. Clocks are kept (a pure function of the
 * name, so that sharing them is no state), at most 640, the oldest leaving first.
 */
export function zoneClock(zone: unknown): ZoneClock | undefined {
  if (typeof zone !== 'string') return undefined;
  const known = zoneClocks.get(zone);
  if (known !== undefined || zoneClocks.has(zone)) return known;
  const formatter = formatterOf(zone);
  const clock = formatter && createZoneClock(formatter);
  for (const oldest of zoneClocks.keys()) {
    if (zoneClocks.size < zoneClocksMax) break;
    zoneClocks.delete(oldest);
  }
  zoneClocks.set(zone, clock);
  return clock;
}

/**
 * Whether this is the name of an IANA time zone. Judged by making a formatter: the list that Intl
 * offers lacks UTC and names that were renamed, such as Asia/Kolkata. Offsets such as +02:00 are refused.
 */
export function isZone(zone: unknown): zone is string {
  if (typeof zone !== 'string') return false;
  // Wrong names are not remembered here, so that a stream of them does not drive out the right ones.
  return zoneClocks.get(zone) !== undefined || formatterOf(zone) !== undefined;
}

/** What the wall clock of a zone shows, as `YYYY-MM-DD HH:MM`; undefined for a bad zone or instant. */
export function localTime(zone: string, instant: Date): string | undefined {
  return zoneClock(zone)?.textAt(instant.getTime());
}

/** The calendar day in a zone, as `YYYY-MM-DD`; undefined for a bad zone or instant. */
export function localDate(zone: string, instant: Date): string | undefined {
  return localTime(zone, instant)?.split(' ')[0];
}

/**
 * The zone that a wall-clock time without one is meant in: the first that is set, most specific first
 * (row, user, organization), else UTC. An empty name counts as not set.
 */
export function firstZone(...zones: readonly (string | null | undefined)[]): string {
  return zones.find((zone) => zone != null && zone !== '') ?? 'UTC';
}

function formatterOf(zone: string): Intl.DateTimeFormat | undefined {
  if (zone.length > zoneNameCharsMax || !zoneNameShape.test(zone)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      // Without it midnight reads 24 in some engines.
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  } catch {
    return undefined;
  }
}

/**
 * Formatting costs 5–10 µs, so that each UTC day is asked for once. A day holds one change at most:
 * the two nearest changes of any zone since 1970 (tz database 2025) are 167 hours apart.
 */
function createZoneClock(formatter: Intl.DateTimeFormat): ZoneClock {
  const days = new Map<number, ZoneDay>();
  const dayOf = (instantMs: number): ZoneDay => {
    const index = Math.floor(instantMs / dayMs);
    const known = days.get(index);
    if (known !== undefined) return known;
    if (days.size >= zoneDaysMax) days.clear();
    const day = readDay(formatter, askedMs(index * dayMs), askedMs((index + 1) * dayMs));
    days.set(index, day);
    return day;
  };
  const offsetMsAt = (instantMs: number): number => {
    const day = dayOf(instantMs);
    return instantMs < day.changesAtMs ? day.beforeMs : day.afterMs;
  };
  // A whole batch is planned at one instant, and writing it took a tenth of a plan.
  let written = { wallMinute: Number.NaN, text: '' };
  return {
    offsetMsAt,
    textAt: (instantMs) => {
      const wallMs = instantMs + offsetMsAt(instantMs);
      const wallMinute = Math.floor(wallMs / minuteMs);
      if (wallMinute !== written.wallMinute) {
        const wall = new Date(wallMs);
        if (Number.isNaN(wall.getTime())) return undefined;
        written = { wallMinute, text: writeMinute(wall) };
      }
      return written.text;
    },
    nextChangeMs: (afterMs, untilMs) => {
      for (let instantMs = afterMs; instantMs < untilMs; instantMs += dayMs) {
        const { changesAtMs } = dayOf(instantMs);
        if (changesAtMs > afterMs && changesAtMs <= untilMs) return changesAtMs;
      }
      const { changesAtMs } = dayOf(untilMs);
      return changesAtMs > afterMs && changesAtMs <= untilMs ? changesAtMs : undefined;
    },
  };
}

function writeMinute(wall: Date): string {
  return wall.toISOString().slice(0, -':00.000Z'.length).replace('T', ' ');
}

/** Total: an instant outside of the years that are asked for, or none at all, becomes one inside. */
function askedMs(instantMs: number): number {
  return Number.isNaN(instantMs) ? firstAskedMs : Math.min(Math.max(instantMs, firstAskedMs), lastAskedMs);
}

function readDay(formatter: Intl.DateTimeFormat, fromMs: number, untilMs: number): ZoneDay {
  const beforeMs = readOffsetMs(formatter, fromMs);
  const afterMs = readOffsetMs(formatter, untilMs);
  if (beforeMs === afterMs) return { beforeMs, afterMs, changesAtMs: Infinity };
  // To the second: Liberia's clocks ran 44 min 30 s behind until 1972.
  let [lowSeconds, highSeconds] = [fromMs / 1000, untilMs / 1000];
  while (highSeconds - lowSeconds > 1) {
    const middleSeconds = Math.floor((lowSeconds + highSeconds) / 2);
    if (readOffsetMs(formatter, middleSeconds * 1000) === beforeMs) lowSeconds = middleSeconds;
    else highSeconds = middleSeconds;
  }
  return { beforeMs, afterMs, changesAtMs: highSeconds * 1000 };
}

/** `instantMs` is a whole second. */
function readOffsetMs(formatter: Intl.DateTimeFormat, instantMs: number): number {
  const wall: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const part of formatter.formatToParts(instantMs)) wall[part.type] = Number(part.value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = wall;
  return Date.UTC(year, month - 1, day, hour, minute, second) - instantMs;
}
