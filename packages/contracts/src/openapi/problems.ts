import { problemKinds } from '../problem-kinds.ts';
import { problemCodes, problemOf } from '../problem.ts';
import type { Route } from '../route.ts';

const problemStatuses = [...new Set(problemCodes.map((code) => problemKinds[code].status))].toSorted(
  (a, b) => a - b,
);
const retryable = new Set([409, 429, 503]);

/** `components.responses`: one for each status that problems have, with the codes that it may carry. */
export function problemComponents(publicUrl: string): Record<string, unknown> {
  return Object.fromEntries(
    problemStatuses.map((status) => [`Problem${status}`, problemResponse(publicUrl, status)]),
  );
}

function problemResponse(publicUrl: string, status: number): unknown {
  const codes = problemCodes.filter((code) => problemKinds[code].status === status);
  const examples = codes.map((code) => [
    code,
    {
      value: problemOf(publicUrl, {
        code,
        detail: problemKinds[code].title,
        requestId: '01981c5e8f007000800000000000000c',
      }),
    },
  ]);
  return {
    description: codes.map((code) => `\`${code}\`: ${problemKinds[code].title}.`).join('\n\n'),
    headers: {
      'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
      ...(retryable.has(status) && { 'Retry-After': { $ref: '#/components/headers/Retry-After' } }),
    },
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(examples),
      },
    },
  };
}

/** The statuses of problems that a call may answer: those of its sort, and those that it names itself. */
export function problemStatusesOf(route: Route): number[] {
  if (route.auth === 'public') return [500, ...(route.problems ?? [])].toSorted((a, b) => a - b);
  const statuses = [400, 401, 403, 429, 500, 503, ...(route.problems ?? [])];
  if (route.params !== undefined) statuses.push(404);
  if (route.body !== undefined) statuses.push(413, 415);
  if (route.idempotency === 'stored') statuses.push(409, 422);
  return [...new Set(statuses)].filter((status) => !(status in route.responses)).toSorted((a, b) => a - b);
}
