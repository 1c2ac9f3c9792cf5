import { CarillonError } from '@carillon/core';

/** One entry of `errors` as Directus' clients read it. */
export interface DirectusProblem {
  message: string;
  extensions: { code: DirectusCode } & Record<string, unknown>;
}

export type DirectusCode =
  | 'FAILED_VALIDATION'
  | 'FORBIDDEN'
  | 'GRAPHQL_VALIDATION'
  | 'INTERNAL_SERVER_ERROR'
  | 'INVALID_CREDENTIALS'
  | 'INVALID_FOREIGN_KEY'
  | 'INVALID_PAYLOAD'
  | 'INVALID_QUERY'
  | 'METHOD_NOT_ALLOWED'
  | 'RECORD_NOT_UNIQUE'
  | 'REQUESTS_EXCEEDED'
  | 'ROUTE_NOT_FOUND'
  | 'SERVICE_UNAVAILABLE'
  | 'VALUE_TOO_LONG';

/** A refusal in Directus' own words. It may tell several things at once; status, code and message are the first one's. */
export class DirectusError extends CarillonError {
  readonly status: number;
  readonly problems: readonly DirectusProblem[];

  constructor(status: number, ...problems: readonly [DirectusProblem, ...DirectusProblem[]]) {
    super(problems[0].extensions.code, problems[0].message);
    this.status = status;
    this.problems = problems;
  }
}

export const notificationsCollection = 'directus_notifications';
/** Bounds what a caller's own text can make of a message. */
const quotedMax = 200;
const namedMax = 20;

/** Several refusals as one; undefined for none. */
export function joinErrors(errors: readonly DirectusError[]): DirectusError | undefined {
  const [first] = errors;
  const [problem, ...others] = errors.flatMap(({ problems }) => problems);
  return first === undefined || problem === undefined
    ? undefined
    : new DirectusError(first.status, problem, ...others);
}

/** `Invalid query. <reason>.` */
export function invalidQuery(reason: string): DirectusError {
  return reasoned(400, 'INVALID_QUERY', 'Invalid query.', reason);
}

/** `Invalid payload. <reason>.` */
export function invalidPayload(reason: string): DirectusError {
  return reasoned(400, 'INVALID_PAYLOAD', 'Invalid payload.', reason);
}

function reasoned(status: number, code: DirectusCode, opening: string, reason: string): DirectusError {
  return new DirectusError(status, { message: `${opening} ${reason}.`, extensions: { reason, code } });
}

/** A GraphQL document that cannot be executed, with all that is wrong in it. */
export function invalidDocument(errors: readonly { message: string; locations?: unknown }[]): DirectusError {
  return new DirectusError(400, {
    message: 'GraphQL validation error.',
    extensions: { errors, code: 'GRAPHQL_VALIDATION' },
  });
}

/** A value that a create lacks. */
export function valueMissing(field: string): DirectusError {
  return failedValidation(field, 'required', 'Value is required.');
}

export function valueNull(field: string): DirectusError {
  return failedValidation(field, 'nnull', "Value can't be null.");
}

function failedValidation(field: string, type: string, text: string): DirectusError {
  const message = `Validation failed for field "${field}". ${text}`;
  return new DirectusError(400, {
    message,
    extensions: { field, path: [], type, code: 'FAILED_VALIDATION' },
  });
}

/** A recipient or sender that does not exist. */
export function invalidForeignKey(field: string, value: string): DirectusError {
  const collection = notificationsCollection;
  const shown = quoted(value);
  return new DirectusError(400, {
    message: `Invalid foreign key "${shown}" for field "${field}" in collection "${collection}".`,
    extensions: { collection, field, value: shown, code: 'INVALID_FOREIGN_KEY' },
  });
}

export function notUnique(value: number): DirectusError {
  const collection = notificationsCollection;
  return new DirectusError(400, {
    message: `Value "${value}" for field "id" in collection "${collection}" has to be unique.`,
    extensions: { collection, field: 'id', value, code: 'RECORD_NOT_UNIQUE' },
  });
}

export function tooLong(): DirectusError {
  const collection = notificationsCollection;
  return new DirectusError(400, {
    message: `Value in collection "${collection}" is too long.`,
    extensions: { collection, field: null, value: null, code: 'VALUE_TOO_LONG' },
  });
}

export function twoCredentials(): DirectusError {
  return invalidPayload('The request uses more than one method for including an access token');
}

export function invalidCredentials(): DirectusError {
  return new DirectusError(401, {
    message: 'Invalid user credentials.',
    extensions: { code: 'INVALID_CREDENTIALS' },
  });
}

const noAccess = "You don't have permission to access";

/** A row that is missing or somebody else's: both are told alike. */
export function forbiddenRow(): DirectusError {
  return new DirectusError(403, { message: `${noAccess} this.`, extensions: { code: 'FORBIDDEN' } });
}

/** An action that the caller may do to no row of the collection. */
export function forbiddenCollection(collection: string = notificationsCollection): DirectusError {
  return forbidden(`${noAccess} collection "${quoted(collection)}" or it does not exist. Queried in root.`);
}

/** Fields that are unknown or not the caller's; `relation` is the path that leads to them, empty at the root. */
export function forbiddenFields(
  names: readonly string[],
  collection: string = notificationsCollection,
  relation = '',
): DirectusError {
  const listed = names
    .slice(0, namedMax)
    .map((name) => `"${quoted(name)}"`)
    .join(', ');
  const [fields, theyExist] =
    names.length === 1 ? ['field', 'it does not exist'] : ['fields', 'they do not exist'];
  const where = relation === '' ? 'root' : `"${relation}"`;
  return forbidden(
    `${noAccess} ${fields} ${listed} in collection "${collection}" or ${theyExist}. Queried in ${where}.`,
  );
}

/** A member changes a row that is missing or somebody else's. */
export function forbiddenUpdate(fields: readonly string[]): DirectusError {
  const listed = fields
    .slice(0, namedMax)
    .map((name) => `"${quoted(name)}"`)
    .join(', ');
  return forbidden(
    `You don't have permissions to perform "update" for the field(s) ${listed} in collection "${notificationsCollection}" or it does not exist.`,
  );
}

function forbidden(message: string): DirectusError {
  return new DirectusError(403, { message, extensions: { reason: message, code: 'FORBIDDEN' } });
}

export function routeNotFound(path: string): DirectusError {
  const shown = quoted(path);
  return new DirectusError(404, {
    message: `Route ${shown} doesn't exist.`,
    extensions: { path: shown, code: 'ROUTE_NOT_FOUND' },
  });
}

export function methodNotAllowed(current: string, allowed: readonly string[]): DirectusError {
  const listed = allowed.map((method) => `"${method}"`).join(', ');
  return new DirectusError(405, {
    message: `Invalid method "${quoted(current)}" used. Should be one of ${listed}.`,
    extensions: { allowed, current: quoted(current), code: 'METHOD_NOT_ALLOWED' },
  });
}

function quoted(text: string): string {
  return text.length > quotedMax ? `${text.slice(0, quotedMax)}…` : text;
}
