import { describe, expect, it } from '@jest/globals';
import { hrefTo, matchPath, readPlace } from './router.ts';

describe('an address of the console', () => {
  it.each([
    { hash: '', path: '/', query: '' },
    { hash: '#/deliveries', path: '/deliveries', query: '' },
    { hash: '#/deliveries?state=dead&kind=sms', path: '/deliveries', query: 'state=dead&kind=sms' },
    { hash: '#users', path: '/users', query: '' },
    { hash: '#/a?q=what?', path: '/a', query: 'q=what%3F' },
  ])('$hash is understood', ({ hash, path, query }) => {
    const place = readPlace(hash);
    expect({ path: place.path, query: place.query.toString() }).toEqual({ path, query });
  });

  it('comes back as it was written, without what is empty', () => {
    const href = hrefTo('/users', { search: 'Ada & Söhne', cursor: '', role: undefined });
    expect(href).not.toContain('cursor');
    expect(readPlace(href).query.get('search')).toBe('Ada & Söhne');
  });
});

describe('a path', () => {
  it.each([
    { pattern: '/users', path: '/users', params: {} },
    { pattern: '/users', path: '/users/', params: {} },
    { pattern: '/users/:id', path: '/users/external%3Aada', params: { id: 'external:ada' } },
    { pattern: '/users/:id', path: '/users', params: undefined },
    { pattern: '/users/:id', path: '/users/', params: undefined },
    { pattern: '/users/:id', path: '/users/a/b', params: undefined },
    { pattern: '/users/:id', path: '/users/%E0%A4%A', params: undefined },
    { pattern: '/', path: '/', params: {} },
  ])('$path against $pattern', ({ pattern, path, params }) => {
    expect(matchPath(pattern, path)).toEqual(params);
  });
});
