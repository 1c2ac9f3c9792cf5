import { describe, expect, it } from '@jest/globals';
import { redisTargetOf } from './connection.ts';

describe('the address of a Redis', () => {
  it.each(['redis://127.0.0.1:6379/3', 'rediss://user:secret@redis.example:6380'])(
    'leaves %s as it is',
    (url) => {
      expect(redisTargetOf(url)).toEqual({ url, settings: {} });
    },
  );

  it.each([
    {
      name: 'several Sentinels',
      url: 'redis+sentinel://one:26380,two/primary',
      settings: {
        sentinels: [
          { host: 'one', port: 26380 },
          { host: 'two', port: 26379 },
        ],
        name: 'primary',
        db: 0,
      },
    },
    {
      name: 'user, password and database',
      url: 'redis+sentinel://me:p%40ss@one:26379/primary/2',
      settings: {
        ...{ sentinels: [{ host: 'one', port: 26379 }], name: 'primary', db: 2 },
        ...{ username: 'me', password: 'p@ss' },
      },
    },
  ])('reads $name', ({ url, settings }) => {
    expect(redisTargetOf(url)).toEqual({ url: undefined, settings });
  });

  it('refuses a Sentinel URL that names no primary', () => {
    expect(() => redisTargetOf('redis+sentinel://one:26379')).toThrow('host:port,host:port/name');
  });
});
