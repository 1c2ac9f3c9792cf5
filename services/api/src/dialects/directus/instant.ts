const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * An ISO 8601 date, or a date with a time, to the millisecond; without a zone in UTC, a date alone as its first
 * instant. Undefined for anything else, days that do not exist too.
 */
export function parseInstant(text: string): Date | undefined {
  const found = pattern.exec(text.trim());
  if (found === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = found;
  const clock = [hour, minute, second].map(Number);
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (Number(year) === 0 || date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day))
    return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = clock;
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const offset = offsetMinutes(zone);
  if (offset === undefined) return undefined;
  date.setUTCHours(hours, minutes - offset, seconds, Number(fraction.padEnd(3, '0').slice(0, 3)));
  return date;
}

function offsetMinutes(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || 0);
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
