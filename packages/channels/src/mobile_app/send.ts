import type { Adapter, AdapterDeps } from '../adapter.ts';
import { createHttpDoor } from '../http.ts';
import { settingsReader } from '../settings-reader.ts';
import { sendByApns } from './apns.ts';
import { createBearerTokens } from './bearer-tokens.ts';
import { parseDevice } from './device.ts';
import { sendByFcm } from './fcm.ts';
import { mobileAppSettings } from './schema.ts';

/** What tests may replace; production has no reason to. */
export interface DeviceOptions {
  /** Certificates (PEM) that are trusted in the place of the system's. */
  ca?: string;
}

const readSettings = settingsReader(mobileAppSettings);

/** Sends to devices through FCM and APNs. A token that belongs to no device any more is told as `gone`. */
export function createMobileAppAdapter(deps: AdapterDeps, options: DeviceOptions = {}): Adapter {
  return createDeviceAdapter(deps, false, options);
}

/** The adapter of both kinds; `critical` messages ask devices to break their silence. */
export function createDeviceAdapter(deps: AdapterDeps, critical: boolean, options: DeviceOptions): Adapter {
  const door = createHttpDoor(deps);
  const apnsDoor = createHttpDoor({ ...deps, ...options, http2: true });
  const tokens = createBearerTokens();
  return {
    async send(request) {
      const { settings: written, address } = request.target;
      const settings = readSettings(written);
      if (settings === undefined) return { outcome: 'reject', reason: 'channel settings are not valid' };
      const device = address === undefined ? undefined : parseDevice(address);
      if (device === undefined) return { outcome: 'reject', reason: 'the recipient has no device' };
      const { service, token } = device;
      return service === 'fcm'
        ? sendByFcm({ deps, door, tokens, critical }, settings, token, request)
        : sendByApns({ deps, door: apnsDoor, tokens, critical }, settings, token, request);
    },
    async stop() {
      await Promise.all([door.stop(), apnsDoor.stop()]);
    },
  };
}
