import Type from 'typebox';
import { instant, object, position, text } from '../fields.ts';
import { route } from '../route.ts';
import { sampleInstants, samplePosition } from './samples.ts';

const auth = { roles: ['admin', 'system', 'member'], scope: 'inbox' } as const;

export const createStreamTicket = route({
  operationId: 'createStreamTicket',
  method: 'POST',
  path: '/v1/inbox/stream/tickets',
  summary: 'Get a ticket to open the stream with',
  description:
    'For browsers, whose sockets cannot send headers. A ticket opens one stream, once, within 60 seconds; a token in the query string is refused.',
  tag: 'Inbox',
  auth,
  idempotency: 'unsupported',
  responses: {
    201: {
      description: 'The ticket. It is shown only here.',
      schema: object({
        ticket: text(200, 'Give it as the query parameter `ticket`.'),
        expires_at: instant('When it is of no use any more.'),
      }),
      example: { ticket: 'tck_5Jm0cV4nS2pQ8wXz', expires_at: sampleInstants.created },
    },
  },
});

export const openInboxStream = route({
  operationId: 'openInboxStream',
  method: 'GET',
  path: '/v1/inbox/stream',
  summary: 'Be told what happens in the inbox',
  description: [
    'Answers a WebSocket upgrade with a socket (one JSON text per frame), anything else with Server-Sent Events (the event is named as the frame’s `type`, its `id` is the position).',
    'First comes `ready`, then what was missed since `after` (or the header `Last-Event-ID`), then what happens. `heartbeat` comes every 10 seconds with the position that a client which missed nothing has. `resync` means: read the list anew.',
    'A client may send `{"type":"ping"}`, which is answered by a heartbeat; anything else ends in an `error` frame. A client that reads too slowly is closed with 1013 and may resume.',
  ].join('\n\n'),
  tag: 'Inbox',
  auth: { ...auth, orTicket: true },
  query: object({
    after: Type.Optional(
      position('The last position that the client has seen; without it, only what happens from now on.'),
    ),
    ticket: Type.Optional(text(200, 'A ticket, instead of the header Authorization.')),
  }),
  responses: {
    101: { description: 'A WebSocket. Its frames are of the schema ServerFrame.' },
    200: {
      description: 'Server-Sent Events. The data of each is of the schema ServerFrame.',
      contentType: 'text/event-stream',
    },
  },
  example: { query: { after: samplePosition } },
});
