import type { ProblemKind } from './problem-kind.ts';

/** What may be wrong about passwords and sessions. */
export const sessionProblems = {
  'auth.login_failed': {
    status: 401,
    title: 'The login is not right',
    explanation:
      'Nobody has this e-mail address with this password. Whether the address is unknown, has no password or has another one is not told.',
  },
  'session.organization_needed': {
    status: 422,
    title: 'It is not clear which organization is meant',
    explanation:
      'Several organizations have a user with this e-mail address and this password. Name one in `organization`, by its id or slug.',
  },
  'password.current_wrong': {
    status: 422,
    title: 'The current password is not right',
    explanation:
      'Whoever changes their own password names the current one in `current_password`. An admin can set another without it.',
  },
} as const satisfies Record<string, ProblemKind>;
