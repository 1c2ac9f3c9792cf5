/** The service that reaches a device, and the token by which it knows it. */
export interface Device {
  service: 'fcm' | 'apns';
  token: string;
}

const forms: Readonly<Record<Device['service'], RegExp>> = {
  // Registration tokens have no form that Google promises; these are the characters they consist of.
  fcm: /^[\w:.~%-]{20,2000}$/,
  // Apple's are bytes in hexadecimal digits, whose number may grow ("Registering your app with APNs").
  apns: /^[0-9A-Fa-f]{64,512}$/,
};

/** Reads `fcm:<token>` or `apns:<token>`; undefined for everything else. */
export function parseDevice(address: string): Device | undefined {
  const [, service, token] = /^(fcm|apns):(.+)$/s.exec(address) ?? [];
  if (token === undefined || (service !== 'fcm' && service !== 'apns')) return undefined;
  return forms[service].test(token) ? { service, token } : undefined;
}
