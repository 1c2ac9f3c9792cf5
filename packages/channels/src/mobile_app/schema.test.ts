import { describe, expect, it } from '@jest/globals';
import { apnsSettings, appleToken, fcmToken, keyLines, serviceAccount } from '../../test/device-stage.ts';
import { validateAddress, validateSettings } from '../validate.ts';

describe('settings and addresses of mobile_app', () => {
  const both = { fcm_service_account: serviceAccount(), ...apnsSettings() };
  const { apns_key: key, ...withoutKey } = apnsSettings();
  it.each([
    { name: 'FCM alone', settings: { fcm_service_account: serviceAccount() }, wrong: [] },
    { name: 'APNs alone', settings: apnsSettings(), wrong: [] },
    {
      name: 'both, and all the rest',
      settings: { ...both, android_channel: 'calls', ttl_seconds: 0 },
      wrong: [],
    },
    { name: 'neither', settings: {}, wrong: ['/fcm_service_account'] },
    { name: 'half of APNs', settings: withoutKey, wrong: ['/apns_key'] },
    {
      name: 'another file',
      settings: { fcm_service_account: '{"type":"authorized_user"}' },
      wrong: ['/fcm_service_account'],
    },
    {
      name: 'a file without a key',
      settings: { fcm_service_account: serviceAccount({ private_key: 'x' }) },
      wrong: ['/fcm_service_account'],
    },
    {
      name: 'a file with an inner token_uri',
      settings: { fcm_service_account: serviceAccount({ token_uri: 'https://10.0.0.1/' }) },
      wrong: ['/fcm_service_account'],
    },
    {
      name: "Apple's key for Google",
      settings: { fcm_service_account: serviceAccount({ private_key: key }) },
      wrong: ['/fcm_service_account'],
    },
    {
      name: "Google's key for Apple",
      settings: { ...both, apns_key: JSON.parse(serviceAccount()).private_key },
      wrong: ['/apns_key'],
    },
    { name: 'a short id', settings: { ...both, apns_key_id: 'abc' }, wrong: ['/apns_key_id'] },
    { name: 'a topic that is none', settings: { ...both, apns_topic: 'a b' }, wrong: ['/apns_topic'] },
    {
      name: 'an inner server',
      settings: { ...both, apns_base_url: 'https://10.0.0.1' },
      wrong: ['/apns_base_url'],
    },
  ])('are judged: $name', ({ settings, wrong }) => {
    const found = validateSettings('mobile_app', settings, { egressAllow: [] });
    expect(found.map(({ pointer }) => pointer)).toEqual(wrong);
    for (const line of keyLines) expect(JSON.stringify(found)).not.toContain(line);
  });

  it.each([
    { address: `fcm:${fcmToken}`, errors: 0 },
    { address: `apns:${appleToken}`, errors: 0 },
    { address: appleToken, errors: 1 },
    { address: `apns:${fcmToken}`, errors: 1 },
    { address: 'apns:abc', errors: 1 },
    { address: `fcm:${fcmToken}/../x`, errors: 1 },
    { address: `wns:${fcmToken}`, errors: 1 },
  ])('are devices only: $address', ({ address, errors }) => {
    expect(validateAddress('mobile_app', address)).toHaveLength(errors);
  });
});
