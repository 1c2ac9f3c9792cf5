import { describe, expect, it } from '@jest/globals';
import { clearedCookies, sessionCookies } from './auth-cookies.ts';

const grant = { accessToken: 'a.b.c', refreshToken: 'r', expiresInMs: 900_000, sessionMs: 1_000_000 };

describe('cookies of a session', () => {
  it.each([
    { publicUrl: 'https://carillon.example.com', secure: true },
    { publicUrl: 'http://127.0.0.1:8080', secure: false },
  ])('of $publicUrl are kept to https: $secure', ({ publicUrl, secure }) => {
    for (const cookie of [...sessionCookies({ publicUrl }, grant), ...clearedCookies({ publicUrl })]) {
      expect(cookie.endsWith('; HttpOnly; SameSite=Lax; Secure')).toBe(secure);
    }
  });
});
