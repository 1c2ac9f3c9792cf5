/** The longest wait that a receiver may ask for. */
export const retryAfterMaxMs = 24 * 60 * 60 * 1_000;

const weekday = '(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?';
const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const time = '\\d{2}:\\d{2}:\\d{2}';
/** The three forms of an HTTP-date that a recipient must accept (RFC 9110 section 5.6.7). */
const httpDates = [
  new RegExp(`^${weekday}, \\d{2} ${month} \\d{4} ${time} GMT$`),
  new RegExp(`^${weekday}, \\d{2}-${month}-\\d{2} ${time} GMT$`),
  new RegExp(`^${weekday} ${month} [ \\d]\\d ${time} \\d{4}$`),
];

/**
 * How long a `Retry-After` header asks to wait, in milliseconds from 0 to 24 hours: seconds or an
 * HTTP-date (RFC 9110 section 10.2.3). A date in the past is 0; what is neither is undefined, and
 * the kind's own schedule counts. A longer wait than 24 hours becomes 24 hours.
 */
export function parseRetryAfterMs(header: string | undefined, now: Date): number | undefined {
  const value = header?.trim() ?? '';
  const waitMs = /^\d{1,20}$/.test(value) ? Number(value) * 1_000 : dateMs(value) - now.getTime();
  if (Number.isNaN(waitMs)) return undefined;
  return Math.min(Math.max(waitMs, 0), retryAfterMaxMs);
}

function dateMs(value: string): number {
  if (!httpDates.some((form) => form.test(value))) return Number.NaN;
  return Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
}
