import { adapterBattery, buildAdapterDeps, buildMessage } from '@carillon/testkit';
import type { DeliveryId } from '@carillon/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fcmVendor, startApnsStage, startTokenEndpoint } from '../../test/device-stage.ts';
import { startVendor, vendorHarness } from '../../test/vendor-harness.ts';
import { catalogue } from '../catalogue.ts';
import { createMobileAppCriticalAdapter } from './send.ts';

const deliveryId = '01890a5d-ac96-774b-bcce-b302099a8057' as DeliveryId;
const request = () => ({ deliveryId, message: buildMessage(), signal: AbortSignal.timeout(10_000) });

let endpoint: Awaited<ReturnType<typeof startTokenEndpoint>>;
const fcm = fcmVendor(createMobileAppCriticalAdapter, () => `http://127.0.0.1:${endpoint.port}/token`);

beforeAll(async () => {
  endpoint = await startTokenEndpoint();
});
afterAll(() => endpoint.stop());

describe('the mobile_app_critical adapter', () => {
  it.each(adapterBattery(vendorHarness(fcm)))('$name', ({ run }) => run());

  it('asks a device of Apple to break its silence', async () => {
    const { server, adapter, target } = await startApnsStage(createMobileAppCriticalAdapter);
    expect(await adapter.send({ ...request(), target })).toMatchObject({ outcome: 'sent' });
    expect(JSON.parse(server.arrivals[0]?.body ?? '{}').aps).toMatchObject({
      'interruption-level': 'critical',
      sound: { critical: 1, name: 'default', volume: 1 },
    });
    await adapter.stop();
    await server.stop();
  });

  it('asks a device with Android for the loudest it has, in the channel that the app keeps for it', async () => {
    const { receiver, target } = await startVendor(fcm);
    const adapter = createMobileAppCriticalAdapter(buildAdapterDeps());
    const settings = { ...target.settings, android_channel: 'alarms' };
    expect(await adapter.send({ ...request(), target: { ...target, settings } })).toMatchObject({
      outcome: 'sent',
    });
    expect(JSON.parse(receiver.arrivals[0]?.body ?? '{}').message).toMatchObject({
      android: {
        priority: 'HIGH',
        notification: { channel_id: 'alarms', notification_priority: 'PRIORITY_MAX' },
      },
      apns: { payload: { aps: { 'interruption-level': 'critical', sound: { critical: 1 } } } },
    });
    await adapter.stop();
    await receiver.stop();
  });

  it('takes the settings and addresses of the app, and tries for less than two hours', () => {
    const { mobile_app: ordinary, mobile_app_critical: critical } = catalogue;
    expect(critical.settings).toBe(ordinary.settings);
    expect(critical.contactPoint).toBe(ordinary.contactPoint);
    const minutes = critical.retryScheduleMs.reduce((sum, delayMs) => sum + delayMs, 0) / 60_000;
    expect(minutes).toBeLessThan(120);
  });
});
