import { createNotification, createStreamTicket, dismissInboxItem } from '@carillon/contracts';
import { describe, expect, it } from '@jest/globals';
import { readIdempotencyKey } from './idempotency-key.ts';

describe('an Idempotency-Key', () => {
  it.each([
    { name: 'is used where answers are stored', route: createNotification, header: 'k', key: 'k' },
    {
      name: 'may have 255 characters',
      route: createNotification,
      header: 'k'.repeat(255),
      key: 'k'.repeat(255),
    },
    {
      name: 'is left where a repeat changes nothing anyway',
      route: dismissInboxItem,
      header: 'k',
      key: undefined,
    },
    { name: 'need not be there', route: createStreamTicket, header: undefined, key: undefined },
  ])('$name', ({ route, header, key }) => {
    expect(readIdempotencyKey(route, header)).toBe(key);
  });

  it.each([
    { name: 'that is empty', route: createNotification, header: '', code: 'idempotency.key_invalid' },
    {
      name: 'of 256 characters',
      route: createNotification,
      header: 'k'.repeat(256),
      code: 'idempotency.key_invalid',
    },
    { name: 'with a space', route: createNotification, header: 'a b', code: 'idempotency.key_invalid' },
    {
      name: 'with a letter beyond ASCII',
      route: createNotification,
      header: 'ä',
      code: 'idempotency.key_invalid',
    },
    {
      name: 'that is wrong where it is left',
      route: dismissInboxItem,
      header: 'a b',
      code: 'idempotency.key_invalid',
    },
    {
      name: 'that came twice',
      route: createNotification,
      header: ['a', 'b'],
      code: 'idempotency.key_invalid',
    },
    {
      name: 'where it cannot be honoured',
      route: createStreamTicket,
      header: 'k',
      code: 'idempotency.unsupported',
    },
  ])('is refused $name', ({ route, header, code }) => {
    expect(() => readIdempotencyKey(route, header)).toThrow(expect.objectContaining({ code }));
  });
});
