import { describe, expect, it } from '@jest/globals';
import { checkDataSchema, compileDataSchema, dataSchemaLimits } from './data-schema.ts';

const number = { type: 'integer', minimum: 1 };
const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  properties: {
    number,
    when: { format: 'date-time' },
    jobs: { type: 'array', items: { anyOf: [{ type: 'string' }, { properties: { name: {} } }] } },
  },
  required: ['number'],
  additionalProperties: false,
};

describe('checkDataSchema', () => {
  it('finds nothing wrong with ordinary schemas', () => {
    expect(checkDataSchema(schema, '/data_schema')).toEqual([]);
    expect(checkDataSchema({}, '/data_schema')).toEqual([]);
  });

  it.each([
    {
      name: 'an expression',
      schema: { properties: { a: { pattern: '^(a+)+$' } } },
      at: '/properties/a/pattern',
    },
    { name: 'expressions as names', schema: { patternProperties: {} }, at: '/patternProperties' },
    { name: 'a reference', schema: { allOf: [{ $ref: '#' }] }, at: '/allOf/0/$ref' },
    { name: 'every item against every other', schema: { uniqueItems: true }, at: '/uniqueItems' },
    { name: 'a name of its own', schema: { $id: 'urn:x' }, at: '/$id' },
    { name: 'an unknown format', schema: { format: 'regex' }, at: '/format' },
    { name: 'a schema that is none', schema: { properties: { a: 7 } }, at: '/properties/a' },
    { name: 'a schema that is a list', schema: { properties: [] }, at: '/properties' },
    { name: 'choices that are no list', schema: { anyOf: {} }, at: '/anyOf' },
    { name: 'a limit of the wrong type', schema: { minimum: '1' }, at: '/minimum' },
    {
      name: 'a long list of values',
      schema: { enum: Array.from({ length: 201 }, (_, n) => n) },
      at: '/enum',
    },
    { name: 'what is no schema', schema: [], at: '' },
  ])('refuses $name and points to it', ({ schema: wrong, at }) => {
    const errors = checkDataSchema(wrong, '/data_schema');
    expect(errors.map((error) => error.pointer)).toEqual([`/data_schema${at}`]);
  });

  it('refuses more schemas, and more bytes, than their check may cost', () => {
    const properties = Object.fromEntries(
      Array.from({ length: dataSchemaLimits.schemasMax }, (_, n) => [`p${n}`, true]),
    );
    expect(checkDataSchema({ properties }, '')).toHaveLength(1);
    expect(checkDataSchema({ description: 'x'.repeat(dataSchemaLimits.jsonBytesMax) }, '')).toHaveLength(1);
  });
});

describe('compileDataSchema', () => {
  const check = compileDataSchema(schema);

  it.each([
    { name: 'what fits', data: { number: 7, when: '2026-03-01T08:00:00Z', jobs: ['a', {}] }, wrong: [] },
    { name: 'what is missing', data: {}, wrong: ['/data/number'] },
    {
      name: 'every wrong place',
      data: { number: 0, when: 'today', jobs: [], x: 1 },
      wrong: ['/data/number', '/data/when', '/data/x'],
    },
  ])('tells of $name', ({ data, wrong }) => {
    const pointers = check(data, '/data').map((error) => error.pointer);
    expect(pointers.toSorted()).toEqual(wrong);
  });

  it('tells the first fault only of data that are large', () => {
    const jobs = Array.from({ length: 6_000 }, () => 7);
    expect(check({ number: 0, jobs }, '/data')).toHaveLength(1);
  });

  it('neither fills in nor converts', () => {
    const data = { a: '7' };
    const errors = compileDataSchema({
      properties: { a: { type: 'integer' }, b: { default: 1 } },
    })(data, '');
    expect(errors).toHaveLength(1);
    expect(data).toEqual({ a: '7' });
  });
});
