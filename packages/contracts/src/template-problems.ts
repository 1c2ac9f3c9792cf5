import { notFound, type ProblemKind } from './problem-kind.ts';

/** Codes of templates, their versions and parts. */
export const templateProblems = {
  'template.not_found': {
    status: 404,
    title: 'There is no such template',
    explanation: notFound,
  },
  'template.version_not_found': {
    status: 404,
    title: 'The template has no such version',
    explanation: 'Versions count from 1. `GET /v1/templates/{template}/versions` lists them.',
  },
  'template.part_not_found': {
    status: 404,
    title: 'There is no such partial or layout',
    explanation: notFound,
  },
  'template.key_taken': {
    status: 409,
    title: 'Another template has this key',
    explanation: 'Keys are unique in an organization. A deleted template has given its key back.',
  },
  'template.is_system': {
    status: 409,
    title: 'A template that came with Carillon cannot be deleted',
    explanation: 'It can be changed, and switched off with `enabled: false`.',
  },
  'template.unknown': {
    status: 422,
    title: 'The template is not known',
    explanation: 'No template of the organization has this id or key. Nothing was stored.',
  },
  'template.unpublished': {
    status: 422,
    title: 'The template has no published version',
    explanation: 'Publish a version first. Nothing was stored.',
  },
  'template.channels_excluded': {
    status: 422,
    title: 'The template goes to none of these channel kinds',
    explanation:
      'A caller may restrict the kinds of a template further, but one must be left. Nothing was stored.',
  },
  'template.data_invalid': {
    status: 422,
    title: 'The data does not fit the JSON Schema of the template',
    explanation: '`errors` names each wrong place of the data with what would be right.',
  },
  'template.schema_invalid': {
    status: 422,
    title: 'The JSON Schema for the data cannot be used',
    explanation:
      '`errors` names each place. docs/templates.md lists the keywords that are taken: those whose cost is known.',
  },
  'template.syntax': {
    status: 422,
    title: 'The template does not compile',
    explanation:
      '`errors` names each wrong place with line and column. docs/templates.md explains the language.',
  },
  'template.failed': {
    status: 422,
    title: 'The template cannot be rendered with these data',
    explanation: 'It compiles, but fails with these data; `detail` says by what.',
  },
} as const satisfies Record<string, ProblemKind>;
