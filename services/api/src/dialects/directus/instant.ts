const pattern =
  /^(?!0000)(\d{4}-\d{2}-\d{2})(?:[T ]((?:[01]\d|2[0-3]):[0-5]\d)(?:(:[0-5]\d)(?:[.,](\d{1,9}))?)?(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?)?$/i;

/**
 * An ISO 8601 date, or a date with a time, to the millisecond; without a zone in UTC, a date alone as its first
 * instant. Undefined for anything else, days that do not exist too.
 */
export function parseInstant(text: string): Date | undefined {
  const found = pattern.exec(text.trim());
  if (found === null) return undefined;
  const [, day = '', clock = '00:00', seconds = ':00', fraction = '', zone = 'Z'] = found;
  if (!isDay(day)) return undefined;
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  return new Date(`${day}T${clock}${seconds}.${milliseconds}${toIsoZone(zone)}`);
}

/** A day that does not exist is none, or the next one. */
function isDay(day: string): boolean {
  const start = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(start.getTime()) && start.toISOString().startsWith(day);
}

/** `Z` or hours and minutes with a colon. */
function toIsoZone(zone: string): string {
  if (zone.toUpperCase() === 'Z') return 'Z';
  return `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
}
