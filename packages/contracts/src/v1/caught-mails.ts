import type { Static } from 'typebox';
import { count, flag, instant, list, nullable, object, paging, text } from '../fields.ts';
import { route } from '../route.ts';
import { sampleInstants } from './samples.ts';

/** Characters of a text or HTML part at most; what is longer is cut off. */
export const caughtMailLengthMax = 1024 * 1024;

const tag = 'Operation';
// In whose organization a mail was sent it does not say: they are for who runs all of them.
const auth = { roles: ['operator'] } as const;
const id = text(64, 'Name of the mail: when it was caught, and six letters and digits.', {
  pattern: String.raw`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9-]{8}\.[0-9]{3}Z-[0-9a-f]{6}$`,
  'x-rule': 'must be the id of a mail in the list',
});
const header = (description: string) => text(4096, description, { minLength: 0 });

const mailFields = {
  id,
  caught_at: instant('When it was caught.'),
  from: header('Its sender.'),
  to: header('Its recipients, with commas between them.'),
  subject: header('Its subject.'),
  bytes: count('How large it is.'),
};

/** A mail that a mail catcher kept in the place of passing it on. */
export const CaughtMail = object(mailFields);
export type CaughtMail = Static<typeof CaughtMail>;

/** The same with what it says. */
export const CaughtMailContent = object({
  ...mailFields,
  text: text(caughtMailLengthMax, 'Plain text.', { minLength: 0 }),
  html: text(caughtMailLengthMax, 'HTML; empty where it has none.', { minLength: 0 }),
});
export type CaughtMailContent = Static<typeof CaughtMailContent>;

const example: CaughtMail = {
  ...{ id: '2026-03-01T08-00-00.310Z-4f1c9a', caught_at: sampleInstants.sent },
  ...{
    from: 'Carillon <carillon@localhost>',
    to: 'ada@example.com',
    subject: 'Backup finished',
    bytes: 2048,
  },
};

export const listCaughtMails = route({
  operationId: 'listCaughtMails',
  method: 'GET',
  path: '/v1/caught-mails',
  summary: 'List mails that were caught',
  description:
    'Of the local stack: what would have gone out by mail, the latest first. A server with `CARILLON_CAUGHT_MAILS_DIR` unset catches none.',
  tag,
  auth,
  query: object(paging(100, 20)),
  responses: {
    200: {
      description: 'One page.',
      schema: object({
        catching: flag('Whether there is a mail catcher.'),
        data: list(CaughtMail, 100, 'This page, in the order of the list.'),
        next_cursor: nullable(text(512, 'Continues behind this page.')),
        prev_cursor: nullable(text(512, 'Goes back before this page.')),
      }),
      example: { catching: true, data: [example], next_cursor: null, prev_cursor: null },
    },
  },
  example: { query: { limit: '20' } },
});

export const getCaughtMail = route({
  operationId: 'getCaughtMail',
  method: 'GET',
  path: '/v1/caught-mails/{id}',
  summary: 'Read a mail that was caught',
  tag,
  auth,
  params: object({ id }),
  responses: {
    200: {
      description: 'The mail.',
      schema: CaughtMailContent,
      example: { ...example, text: 'All 12 databases are safe.', html: '<p>All 12 databases are safe.</p>' },
    },
  },
  example: { params: { id: example.id } },
});
