import { inspect } from '@carillon/contracts';
import type { DialectCall } from '../../dialect.ts';
import { invalidPayload, invalidQuery } from '../errors.ts';
import { isObject, jsonDepthMax } from '../query/query-text.ts';
import { operationsMax } from './limits.ts';

/** What is asked to be executed. */
export interface Operation {
  query: string;
  variables: Readonly<Record<string, unknown>>;
  operationName: string | undefined;
}

const missing = 'Must provide query string';

/** Of a body: one, or an array of them. Throws DirectusError. */
export function readBody(body: unknown): Operation | Operation[] {
  if (!Array.isArray(body)) return readOperation(body);
  if (body.length === 0) throw invalidPayload(missing);
  if (body.length > operationsMax)
    throw invalidPayload(`A batch must not have more than ${operationsMax} operations`);
  return body.map(readOperation);
}

/** Of a URL. Throws DirectusError. */
export function readUrl(query: DialectCall['query']): Operation {
  return readOperation({
    query: query.get('query'),
    operationName: query.get('operationName'),
    variables: parseVariables(query.get('variables')),
  });
}

/** Throws DirectusError. */
export function readOperation(given: unknown): Operation {
  const { query, variables, operationName } = isObject(given) ? given : {};
  if (typeof query !== 'string' || query.trim() === '') throw invalidPayload(missing);
  if (variables != null && !isObject(variables)) throw invalidPayload('"variables" must be of type object');
  if (operationName != null && typeof operationName !== 'string')
    throw invalidPayload('"operationName" must be a string');
  return { query, variables: variables ?? {}, operationName: operationName || undefined };
}

/** What a body goes through before it is read, the JSON in a URL must too. */
function parseVariables(text: string | null): unknown {
  if (text === null || text === '') return undefined;
  const value = orInvalid(() => JSON.parse(text) as unknown);
  const [wrong] = inspect(value, jsonDepthMax).errors;
  if (wrong !== undefined) throw invalidQuery(`Variables ${wrong.pointer} ${wrong.detail}`);
  return value;
}

function orInvalid<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw invalidQuery('Variables are invalid JSON');
  }
}
