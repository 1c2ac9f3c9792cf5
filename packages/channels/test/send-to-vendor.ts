import { buildAdapterDeps, buildMessage } from '@carillon/testkit';
import type { DeliveryId } from '@carillon/core';
import type { Message, MessageNotification } from '../src/adapter.ts';
import { startVendor, type Vendor, type VendorAnswering } from './vendor-harness.ts';

/** A message with this body. */
export function buildWith(body: string, notification: Partial<MessageNotification> = {}): Message {
  return buildMessage({ notification: { body, ...notification } });
}

/** Sends one message to a vendor of its own, and gives back the outcome and the body that arrived, as JSON. */
export async function sendToVendor(vendor: Vendor, message: Message, answer: VendorAnswering = 'taken') {
  const stage = await startVendor(vendor);
  stage.answerWith(answer);
  const adapter = vendor.create(buildAdapterDeps());
  const result = await adapter.send({
    ...{ deliveryId: '01890a5d-ac96-774b-bcce-b302099a8057' as DeliveryId, message, target: stage.target },
    signal: AbortSignal.timeout(10_000),
  });
  await adapter.stop();
  await stage.receiver.stop();
  return { result, body: JSON.parse(stage.receiver.arrivals[0]?.body ?? '{}') };
}
