import { localTime } from '../quiet-hours/zone-clock.ts';

/** By which clock instants are told: a zone, and the instant from which they are looked at. */
export interface Clockwork {
  /** IANA name; one that is unknown counts as UTC. */
  zone: string;
  now: Date;
}

const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/** An instant in words, as `07:00 on 2 March (Europe/Berlin)`; with its year when that is not the present one. */
export function tellInstant(instant: Date, { zone, now }: Clockwork): string {
  const wall = localTime(zone, instant);
  if (wall === undefined)
    return zone === 'UTC' ? 'an unknown time' : tellInstant(instant, { zone: 'UTC', now });
  const [date = '', time = ''] = wall.split(' ');
  const [year = '', month = '', day = ''] = date.split('-');
  const isThisYear = localTime(zone, now)?.startsWith(`${year}-`) === true;
  const shownYear = isThisYear ? '' : ` ${year}`;
  return `${time} on ${Number(day)} ${months[Number(month) - 1] ?? ''}${shownYear} (${zone})`;
}
