import type { Adapter, AdapterDeps } from '../adapter.ts';
import { createDeviceAdapter, type DeviceOptions } from '../mobile_app/send.ts';

/** Sends to devices as `mobile_app` does, and asks them to break their silence. */
export function createMobileAppCriticalAdapter(deps: AdapterDeps, options: DeviceOptions = {}): Adapter {
  return createDeviceAdapter(deps, true, options);
}
