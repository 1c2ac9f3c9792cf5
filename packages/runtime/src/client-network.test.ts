import { describe, expect, it } from '@jest/globals';
import { clientNetwork } from './client-network.ts';

describe('the network of a client', () => {
  it.each([
    { address: '203.0.113.7', network: '203.0.113.7' },
    { address: '::ffff:203.0.113.7', network: '203.0.113.7' },
    { address: '2001:db8:1:2:3:4:5:6', network: '2001:db8:1:2::/64' },
    { address: '2001:db8:1:2:ffff::', network: '2001:db8:1:2::/64' },
    { address: '2001:db8:1:3::1', network: '2001:db8:1:3::/64' },
    { address: 'fe80::1%eth0', network: 'fe80::/64' },
    { address: 'nowhere', network: 'nowhere' },
  ])('of $address is $network', ({ address, network }) => {
    expect(clientNetwork(address)).toBe(network);
  });
});
