import { describe, expect, it } from '@jest/globals';
import { isAllowedAddress, isAllowedTarget, isPublicAddress, parseEgressAllow } from './egress-policy.ts';

describe('public addresses', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.0',
    '198.17.0.1',
  ])('takes %s', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each(['2606:4700::1111', '2a00:1450:4001::200e', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
    'takes %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
  ])('refuses the special IPv4 address %s', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each([
    '::',
    '::1',
    '::ffff:a9fe:a9fe',
    '::ffff:127.0.0.1',
    '::7f00:1',
    '::808:808',
    '::ffff:0:127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::',
    '2002:808:808::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:db8::1',
    '2001:20::1',
    '3fff::1',
    '100::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
  ])('refuses the special IPv6 address %s', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['', 'example.org', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '8.8.8', '8.8.8.8/32'])(
    'takes "%s" for no address at all',
    (text) => expect(isPublicAddress(text)).toBe(false),
  );
});

describe('what an installation opened', () => {
  it('opens the addresses of a range, also when they are written as IPv6', () => {
    const allowance = parseEgressAllow(['10.1.0.0/16', 'fd00::/8']);
    expect(isAllowedAddress(allowance, '10.1.2.3')).toBe(true);
    expect(isAllowedAddress(allowance, '::ffff:10.1.2.3')).toBe(true);
    expect(isAllowedAddress(allowance, 'fd12::1')).toBe(true);
    expect(isAllowedAddress(allowance, '10.2.0.1')).toBe(false);
    expect(isAllowedAddress(allowance, 'fe80::1')).toBe(false);
  });

  it('opens one host and port and no other port of it', () => {
    const allowance = parseEgressAllow(['Relay.lan:25', '[::1]:9000']);
    expect(isAllowedTarget(allowance, 'relay.lan', 25)).toBe(true);
    expect(isAllowedTarget(allowance, 'relay.lan', 26)).toBe(false);
    expect(isAllowedTarget(allowance, '[::1]', 9_000)).toBe(true);
  });

  it('opens nothing when it is empty', () => {
    expect(isAllowedAddress(parseEgressAllow([]), '127.0.0.1')).toBe(false);
  });

  it.each([
    '10.0.0.0/33',
    'relay.lan',
    'relay.lan:0',
    'relay.lan:70000',
    'http://relay.lan:80',
    '10.0.0.1',
    '',
  ])('names the entry "%s" that it cannot read', (entry) =>
    expect(() => parseEgressAllow([entry])).toThrow(`"${entry}" is neither a CIDR nor host:port`),
  );
});
