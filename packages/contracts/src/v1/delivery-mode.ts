import { deliveryModes, type DeliveryMode } from '@carillon/core';
import { oneOf } from '../fields.ts';

/** What becomes of messages to the outside here, as answers say it that speak of sending. */
export const deliveryMode = oneOf<DeliveryMode>(deliveryModes, {
  description:
    'What this installation does with messages to the outside: `live` sends them, `capture` sends none and writes them down (`GET /v1/captured`), `allowlist` does so with all but those to named targets.',
});
