import type { FieldError } from '@carillon/core';
import Type, { type Static } from 'typebox';
import { integer, list, object, oneOf, text } from './fields.ts';
import { problemKinds } from './problem-kinds.ts';

export type ProblemCode = keyof typeof problemKinds;
export const problemCodes = Object.keys(problemKinds).filter(isProblemCode);

/** Whether a code of an error is one that may cross the wire. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemKinds, code);
}

const FieldProblem = object({
  pointer: Type.Unsafe<string>({
    type: 'string',
    maxLength: 8192,
    description:
      'JSON pointer (RFC 6901) into the body; below `/query` or `/path`, into the query string or the path.',
  }),
  detail: text(2048, 'What is wrong there, and what would be right.'),
  line: Type.Optional(integer(1, 10_000_000, 'Line within the text there, where it is a template.')),
  column: Type.Optional(integer(1, 10_000_000, 'Column within that line.')),
});

/** The body of every answer that is no success: `application/problem+json` (RFC 9457). */
export const Problem = object({
  type: text(2048, 'URL of the page that explains the code.', { format: 'uri' }),
  title: text(200, 'What happened, the same for each occurrence.'),
  status: integer(400, 599, 'The HTTP status.'),
  code: oneOf<ProblemCode>(problemCodes, { description: 'Stable name of the problem: decide by this.' }),
  detail: text(4096, 'What happened this time.'),
  request_id: text(200, 'Also in the header X-Request-Id and in the log.'),
  errors: Type.Optional(list(FieldProblem, 100, 'Each wrong place of the request.')),
});
export type Problem = Static<typeof Problem>;

/** What an edge knows of an error. */
export interface ProblemFields {
  code: ProblemCode;
  detail: string;
  requestId: string;
  errors?: readonly FieldError[] | undefined;
}

/** The body of a problem answer. `publicUrl` is the base of the served documents, without a slash at its end. */
export function problemOf(publicUrl: string, fields: ProblemFields): Problem {
  const { status, title } = problemKinds[fields.code];
  return {
    type: `${publicUrl}/docs/errors#${fields.code}`,
    title,
    status,
    code: fields.code,
    detail: fields.detail,
    request_id: fields.requestId,
    ...(fields.errors === undefined || fields.errors.length === 0 ? {} : { errors: [...fields.errors] }),
  };
}
