import { describe, expect, it } from '@jest/globals';
import { isOriginAllowed } from './cors.ts';

describe('an origin', () => {
  const mine = ['https://app.example.org'];
  it.each([
    { name: 'that is named is let in', allowed: mine, origin: 'https://app.example.org', is: true },
    { name: 'is not needed by what is no page', allowed: [], origin: undefined, is: true },
    { name: 'of another scheme is refused', allowed: mine, origin: 'http://app.example.org', is: false },
    { name: 'of another port is refused', allowed: mine, origin: 'https://app.example.org:8443', is: false },
    {
      name: 'that only begins alike is refused',
      allowed: mine,
      origin: 'https://app.example.org.evil.net',
      is: false,
    },
    { name: 'below a named one is refused', allowed: mine, origin: 'https://a.app.example.org', is: false },
    { name: 'of a sandboxed page is refused', allowed: mine, origin: 'null', is: false },
    { name: 'is refused where none is named', allowed: [], origin: 'https://app.example.org', is: false },
    { name: 'of any kind is let in by *', allowed: ['*'], origin: 'null', is: true },
  ])('$name', ({ allowed, origin, is }) => {
    expect(isOriginAllowed(allowed, origin)).toBe(is);
  });
});
