import { externalKinds, type ExternalKind } from '@carillon/core';
import type { Static } from 'typebox';
import { count, flag, instant, integer, list, nullable, object, oneOf } from '../fields.ts';
import { route } from '../route.ts';
import { deliveryMode } from './delivery-mode.ts';
import { sampleInstants } from './samples.ts';

const upTo = 'Counted up to 10,000.';
const seconds = (description: string) => integer(0, Number.MAX_SAFE_INTEGER, description);

const Piece = object({
  at: instant('When it begins.'),
  accepted: count('Notifications that were accepted.'),
  sent: count('Deliveries that the target took.'),
  failed: count('Deliveries that were given up, or of which nobody knows whether they arrived.'),
});

const KindHealth = object({
  kind: oneOf<ExternalKind>(externalKinds),
  channels: count('Channels of this kind.'),
  enabled: count('Of these: switched on.'),
  paused: count('Of these: paused by themselves.'),
  not_answering: count('Of these: whose target does not answer, so that only probes are sent.'),
  is_paused: flag('Whether the organization paused the kind.'),
  due: count(`Deliveries that are due. ${upTo}`),
  held: count(`Deliveries that wait for their time: quiet hours, a retry, a rule. ${upTo}`),
  dead_letters: count(`Deliveries that were given up and not replayed. ${upTo}`),
  sent: count('Sent in the time of `pieces`.'),
  failed: count('Given up in the time of `pieces`.'),
});

/** How an organization is doing at this moment. */
export const Overview = object({
  at: instant('The clock of the server.'),
  paused_at: nullable(instant('Since when the organization is paused; null when it runs.')),
  delivery_mode: deliveryMode,
  workers_alive: nullable(count('Worker processes that take work; null while Redis does not say.')),
  oldest_due_seconds: seconds('How long the oldest work has been due; what is paused does not count.'),
  undispatched: count(`Notifications that should be in an inbox by now. ${upTo}`),
  due: count('Deliveries that are due, of all kinds.'),
  held: count('Deliveries that wait for their time, of all kinds.'),
  dead_letters: count('Deliveries that were given up and not replayed, of all kinds.'),
  dead_letters_lately: count(`Those of them that were given up in the time of \`pieces\`. ${upTo}`),
  accepted: count('Notifications that were accepted in the time of `pieces`.'),
  sent: count('Deliveries that were sent in the time of `pieces`.'),
  piece_seconds: integer(1, 86_400, 'How long a piece is.'),
  pieces: list(Piece, 60, 'The last hour, the oldest piece first; the last one is under way.'),
  deliveries_complete_since: instant(
    'From when on deliveries are counted in full: of very many, only the newest 10,000 are looked at.',
  ),
  kinds: list(KindHealth, 50, 'Each channel kind that there are channels of, or deliveries that wait.'),
});
export type Overview = Static<typeof Overview>;

const example: Overview = {
  ...{ at: sampleInstants.read, paused_at: null, delivery_mode: 'live', workers_alive: 2 },
  ...{ oldest_due_seconds: 0, undispatched: 0, due: 3, held: 12, dead_letters: 1, dead_letters_lately: 0 },
  ...{ accepted: 140, sent: 131, piece_seconds: 120 },
  pieces: [{ at: sampleInstants.created, accepted: 140, sent: 131, failed: 0 }],
  deliveries_complete_since: sampleInstants.created,
  kinds: [
    {
      ...{ kind: 'email', channels: 1, enabled: 1, paused: 0, not_answering: 0, is_paused: false },
      ...{ due: 3, held: 12, dead_letters: 1, sent: 131, failed: 0 },
    },
  ],
};

export const getOverview = route({
  operationId: 'getOverview',
  method: 'GET',
  path: '/v1/overview',
  summary: 'Tell how everything is doing',
  description:
    'For a page that is looked at: what was accepted and delivered in the last hour, what is due, what failed, and how each channel kind is. Cheap however much there is; three seconds old at most.',
  tag: 'Operation',
  auth: { roles: ['admin'], scope: 'admin' },
  responses: { 200: { description: 'As it is now.', schema: Overview, example } },
});
