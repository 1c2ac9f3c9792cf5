import { describe, expect, it } from '@jest/globals';
import { safePicture, safeUrl } from './safe-url.ts';

const page = 'https://shop.example/orders/';

describe('addresses in notifications', () => {
  it.each([
    { name: 'an address', url: 'https://example.com/a', expected: 'https://example.com/a' },
    { name: 'a mail address', url: 'mailto:ada@example.com', expected: 'mailto:ada@example.com' },
    { name: 'a path', url: '/orders/4', expected: 'https://shop.example/orders/4' },
    { name: 'javascript', url: 'javascript:alert(1)', expected: undefined },
    { name: 'javascript with blanks', url: ' \u0001java\nscript:alert(1)', expected: undefined },
    { name: 'data', url: 'data:text/html,<script>', expected: undefined },
    { name: 'vbscript', url: 'VBScript:x', expected: undefined },
    { name: 'blob', url: 'blob:https://shop.example/x', expected: undefined },
    { name: 'nothing', url: '', expected: undefined },
    { name: 'null', url: null, expected: undefined },
    { name: 'no address', url: 'https://', expected: undefined },
  ])('are followed only where they lead to pages and mails: $name', ({ url, expected }) => {
    expect(safeUrl(url, page)).toBe(expected);
  });

  it.each([
    { name: 'of the page', url: '/icon.png', allowed: ['https://shop.example'], isLoaded: true },
    {
      name: 'of another site',
      url: 'https://evil.example/a.png',
      allowed: ['https://shop.example'],
      isLoaded: false,
    },
    {
      name: 'of another site, where that is allowed',
      url: 'https://evil.example/a.png',
      allowed: 'any',
      isLoaded: true,
    },
    { name: 'that is a script', url: 'javascript:alert(1)', allowed: 'any', isLoaded: false },
    { name: 'that is a mail', url: 'mailto:a@example.com', allowed: 'any', isLoaded: false },
  ] as const)('show pictures of known sites only: one $name', ({ url, allowed, isLoaded }) => {
    expect(safePicture(url, page, allowed) !== undefined).toBe(isLoaded);
  });
});
