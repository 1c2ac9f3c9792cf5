import { notFound, type ProblemKind } from './problem-kind.ts';

/** Codes of preferences, rules, categories and quiet time. */
export const preferenceProblems = {
  'preference.not_found': {
    status: 404,
    title: 'There is no such preference',
    explanation: notFound,
  },
  'rule.not_found': {
    status: 404,
    title: 'There is no such rule',
    explanation: notFound,
  },
  'rule.wait_invalid': {
    status: 422,
    title: 'The length of a wait is missing, wrong, or without a wait',
    explanation:
      'A rule of the type `wait` has `wait_seconds`, from 60 to 86,400; no other type has it. `errors` names each place.',
  },
  'rule.position_invalid': {
    status: 422,
    title: 'The list has no room for the position',
    explanation:
      'No position may be above 2,147,483,647, also not of those that make room. Name a lower one, or none to append.',
  },
  'category.not_found': {
    status: 404,
    title: 'There is no such category',
    explanation: notFound,
  },
  'quiet_hours.invalid': {
    status: 422,
    title: 'The window of quiet time cannot be understood',
    explanation:
      '`errors` names each wrong place and what would be right: times are `HH:MM` from 00:00 to 23:59, zones IANA names such as Europe/Berlin, weekdays 1 (Monday) to 7 (Sunday).',
  },
  'mute.past': {
    status: 422,
    title: 'The mute would be over already',
    explanation: '`until` must be in the future. `DELETE` on the same path ends a mute.',
  },
  'preference.invalid': {
    status: 422,
    title: 'The preference says nothing, or says something twice',
    explanation:
      'A preference has `enabled`, `quiet_hours` or `quiet_mode`; one that says nothing is deleted instead. A list has each combination of category, environment, project and kind once. The inbox takes no quiet time.',
  },
  'preference.mandatory': {
    status: 422,
    title: 'What is mandatory cannot be switched off',
    explanation:
      'The category or the template is mandatory: it reaches everybody, whatever they prefer. `errors` names the place. Nothing was stored.',
  },
  'preference.template_unknown': {
    status: 422,
    title: 'The template of a preference is not known',
    explanation: 'No template of the organization has this id or key.',
  },
} as const satisfies Record<string, ProblemKind>;
