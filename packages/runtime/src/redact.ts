/** What stands in a log line in place of a value that must not be there. */
export const redacted = '[redacted]';

const secretKeys =
  /token|secret|authorization|password|passphrase|cookie|credential|api_?key|private_?key|address|e-?mail|phone|settings|smtpurl|databaseurl|redisurl/i;
/** Whole names only: `body` is content, `bodyBytes` is a number about it. */
const contentKeys = new Set(['body', 'html', 'text', 'title', 'subject', 'message_data', 'data']);
const depthMax = 6;
const itemsMax = 100;

/**
 * A copy of log fields without secrets, addresses or contents: the values of keys that sound like one
 * are replaced unless they are numbers or booleans (counts), keys that end in Id are kept, and texts
 * lose passwords in URLs, bearer credentials and access tokens. Errors become plain data.
 */
export function redactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactRecord(fields, 0);
}

/** A text without passwords in URLs, bearer credentials, access tokens and JWTs. */
export function redactText(text: string): string {
  return text
    .replace(/(:\/\/)[^\s/@]*:[^\s/@]*@/g, `$1${redacted}@`)
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${redacted}`)
    .replace(/\b[0-9A-Za-z]{10}-[0-9A-Za-z]{33}\b/g, redacted)
    .replace(/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, redacted);
}

function redactRecord(record: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
  const entries = Object.entries(record).map(([key, value]) => [
    key,
    isHidden(key, value) ? redacted : redactValue(value, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

function isHidden(key: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean')
    return false;
  if (/(?:Ids?|_ids?)$/.test(key)) return false;
  return contentKeys.has(key) || secretKeys.test(key);
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth > depthMax) return '[deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value))
    return value.slice(0, itemsMax).map((item: unknown) => redactValue(item, depth + 1));
  if (ArrayBuffer.isView(value)) return '[bytes]';
  return redactRecord(Object.fromEntries(Object.entries(value)), depth);
}

/** Drivers hang whole requests, values included, on their errors: only these fields are kept. */
function redactError(error: Error, depth: number): Record<string, unknown> {
  const kept: Record<string, unknown> = { type: error.name, message: redactText(error.message) };
  if ('code' in error) kept['code'] = redactValue(error.code, depth + 1);
  if (error.stack !== undefined) kept['stack'] = redactText(error.stack);
  if (error.cause !== undefined) kept['cause'] = redactValue(error.cause, depth + 1);
  return kept;
}
