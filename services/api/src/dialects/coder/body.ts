import { CoderRefusal } from './refusal.ts';

/** Fields of a JSON object; what is missing takes Go's zero value, what is not known is ignored. */
export function readObject(body: unknown): Record<string, unknown> {
  if (body === undefined) throw notJson('EOF');
  if (body === null) return {};
  if (typeof body !== 'object' || Array.isArray(body)) throw notJson('the body must be a JSON object');
  return body as Record<string, unknown>;
}

export function readBoolean(fields: Record<string, unknown>, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value === 'boolean') return value;
  throw notJson(`${name} must be true or false`);
}

export function readText(fields: Record<string, unknown>, name: string): string {
  const value = fields[name] ?? '';
  if (typeof value === 'string') return value;
  throw notJson(`${name} must be a string`);
}

/** Undefined where it is missing or null. */
export function readMap(fields: Record<string, unknown>, name: string): Record<string, unknown> | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw notJson(`${name} must be an object`);
}

function notJson(detail: string): CoderRefusal {
  return new CoderRefusal(400, 'Request body must be valid JSON.', { detail });
}
