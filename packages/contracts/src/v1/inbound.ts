import { object, uuid } from '../fields.ts';
import { bodyBytesMaxBatch, route } from '../route.ts';
import { sampleIds } from './samples.ts';

export const receiveCallback = route({
  operationId: 'receiveCallback',
  method: 'POST',
  path: '/v1/inbound/{channel_id}',
  summary: "Take a callback of a channel's vendor",
  description:
    'Where vendors tell what became of messages, and who pressed a button under one: Twilio (`sms`, `phone_call`), Amazon SES through SNS and SendGrid (`email`), Slack (`slack`). Each posts in its own form and is believed by its signature alone, which the settings of the channel let Carillon check. What is told twice, or late, changes nothing.',
  tag: 'Channels',
  auth: 'public',
  idempotency: 'natural',
  params: object({ channel_id: uuid('Channel id.') }),
  bodyBytesMax: bodyBytesMaxBatch,
  problems: [400, 401, 403, 404, 413, 429, 502, 503],
  responses: { 200: { description: 'Taken; the body is empty.', contentType: 'text/plain' } },
  example: { params: { channel_id: sampleIds.channel } },
});
