import { describe, expect, it } from '@jest/globals';
import { coerceQuery } from './query.ts';

const properties = {
  limit: { type: 'integer' },
  urgent: { type: 'boolean' },
  kinds: { type: 'array', items: { type: 'string' } },
  numbers: { type: 'array', items: { type: 'integer' } },
  category: { type: 'string' },
};

describe('coerceQuery', () => {
  it.each([
    { name: 'a whole number', raw: { limit: '20' }, expected: { limit: 20 } },
    { name: 'a negative number', raw: { limit: '-1' }, expected: { limit: -1 } },
    { name: 'true and false', raw: { urgent: 'false' }, expected: { urgent: false } },
    { name: 'a list by comma', raw: { kinds: 'email,webhook' }, expected: { kinds: ['email', 'webhook'] } },
    {
      name: 'a list by repetition',
      raw: { kinds: ['email', 'webhook'] },
      expected: { kinds: ['email', 'webhook'] },
    },
    { name: 'a list of numbers', raw: { numbers: '1,2' }, expected: { numbers: [1, 2] } },
    { name: 'digits where a text is asked for', raw: { category: '7' }, expected: { category: '7' } },
  ])('reads $name', ({ raw, expected }) => expect(coerceQuery(properties, raw)).toEqual(expected));

  it.each([
    { name: 'a number with a fraction', raw: { limit: '1.5' } },
    { name: 'a number in exponents', raw: { limit: '1e3' } },
    { name: 'a number beyond what is exact', raw: { limit: '99999999999999999999' } },
    { name: 'an empty text', raw: { limit: '' } },
    { name: 'white space around a number', raw: { limit: ' 1' } },
    { name: 'another word for true', raw: { urgent: 'yes' } },
    { name: 'a repeated single value', raw: { limit: ['1', '2'] } },
    { name: 'an unknown parameter', raw: { offset: '1' } },
  ])('leaves $name for the validator to name', ({ raw }) =>
    expect(coerceQuery(properties, raw)).toEqual(raw),
  );

  it('keeps a parameter named __proto__ a parameter, and the raw query as it was', () => {
    const raw = Object.freeze(JSON.parse('{"__proto__": {"limit": 1}, "limit": "2"}'));
    const coerced = coerceQuery(properties, raw);
    expect(Object.keys(coerced)).toEqual(['__proto__', 'limit']);
    expect(Object.getPrototypeOf(coerced)).toBe(Object.prototype);
    expect(raw.limit).toBe('2');
  });
});
