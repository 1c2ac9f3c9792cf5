import { describe, expect, it } from '@jest/globals';
import { checkOutgoingUrl } from './outgoing-url.ts';

const privateAddress = 'must not point to a private or reserved address';
const innerName = 'must not point to a name of an inner network';

describe('outgoing URLs, when they are written down', () => {
  it.each([
    'https://example.org/hook?a=b',
    'https://example.org:8443/',
    'https://EXAMPLE.org./hook',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://müller.example/',
  ])('takes %s', (url) => expect(checkOutgoingUrl(url, [])).toBeUndefined());

  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '0',
    '①②⑦.0.0.1',
    '127.0.0.1.',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '255.255.255.255',
    '[::]',
    '[::1]',
    '[::ffff:a9fe:a9fe]',
    '[::7f00:1]',
    '[64:ff9b::a9fe:a9fe]',
    '[2002:7f00:1::]',
    '[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
    '[fc00::1]',
    '[fe80::1]',
    '[fec0::1]',
    '[ff02::1]',
  ])('refuses the literal %s', (host) =>
    expect(checkOutgoingUrl(`https://${host}/`, [])).toBe(privateAddress),
  );

  it.each([
    'localhost',
    'localhost.',
    'LOCALHOST',
    'a.localhost',
    'metadata.google.internal',
    'postgres',
    'nas.local',
  ])('refuses the name %s', (host) => expect(checkOutgoingUrl(`https://${host}/`, [])).toBe(innerName));

  it.each([
    'http://example.org/',
    'ftp://example.org/',
    'file:///etc/passwd',
    'gopher://example.org/',
    'unix:/run/x',
  ])('refuses the scheme of %s', (url) => expect(checkOutgoingUrl(url, [])).toBe('must begin with https://'));

  it.each([22, 25, 80, 1_023, 2_375, 3_306, 5_432, 6_379, 11_211, 27_017])('refuses port %i', (port) =>
    expect(checkOutgoingUrl(`https://example.org:${port}/`, [])).toBe(`must not use port ${port}`),
  );

  it.each(['https://a@example.org/', 'https://a:b@example.org/', 'https://:b@example.org/'])(
    'refuses the user information of %s',
    (url) => expect(checkOutgoingUrl(url, [])).toBe('must not contain a user name or password'),
  );

  it.each(['', 'example.org', '/hook', 'https://', 'https://[::1', 'https://exa mple.org/'])(
    'refuses "%s", which is no absolute URL',
    (url) => expect(checkOutgoingUrl(url, [])).toBe('is not an absolute URL'),
  );

  it('refuses a URL of more than 2,048 characters', () => {
    expect(checkOutgoingUrl(`https://example.org/${'a'.repeat(2_048)}`, [])).toMatch(/longer than 2048/);
  });
});

describe('outgoing URLs to what the installation opened', () => {
  it.each([
    { name: 'plain http to an opened address', url: 'http://10.1.2.3/', allow: '10.1.0.0/16' },
    { name: 'any port of an opened address', url: 'http://127.0.0.1:81/', allow: '127.0.0.0/8' },
    { name: 'an opened host and port', url: 'http://localhost:8025/', allow: 'localhost:8025' },
    { name: 'an opened IPv6 host and port', url: 'http://[::1]:8025/', allow: '[::1]:8025' },
    { name: 'a name that may lie in an opened range', url: 'http://hooks.internal/', allow: '10.0.0.0/8' },
  ])('takes $name', ({ url, allow }) => expect(checkOutgoingUrl(url, [allow])).toBeUndefined());

  it.each([
    { name: 'another port of an opened host', url: 'http://localhost:8026/', allow: 'localhost:8025' },
    { name: 'an address beside the opened range', url: 'https://10.2.0.1/', allow: '10.1.0.0/16' },
    { name: 'user information all the same', url: 'http://a@10.1.2.3/', allow: '10.1.0.0/16' },
    { name: 'other schemes all the same', url: 'ftp://10.1.2.3/', allow: '10.1.0.0/16' },
  ])('refuses $name', ({ url, allow }) => expect(checkOutgoingUrl(url, [allow])).toBeDefined());
});
