import type { Static } from 'typebox';
import { object, text } from '../fields.ts';
import { route } from '../route.ts';

/** With what a browser subscribes. */
export const WebPushKey = object({
  public_key: text(
    128,
    'Public key in base64url: `applicationServerKey` of `PushManager.subscribe`. A subscription made with another key is of no use.',
  ),
});
export type WebPushKey = Static<typeof WebPushKey>;

export const getWebPushKey = route({
  operationId: 'getWebPushKey',
  method: 'GET',
  path: '/v1/web-push/key',
  summary: 'Read the key with which browsers subscribe',
  description:
    "That of the organization's web push channel: of several, of the one that is switched on and has the lowest `position`. What the browser then gives is the address of a contact point, as JSON text.",
  tag: 'Contact points',
  auth: { roles: ['admin', 'member'], scope: 'preferences' },
  problems: [404],
  responses: {
    200: {
      description: 'The key.',
      schema: WebPushKey,
      example: {
        public_key: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
      },
    },
  },
});
