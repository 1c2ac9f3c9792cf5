import { describe, expect, it } from '@jest/globals';
import { readJsonObject } from './json-text.ts';

describe('a text that should be a JSON object', () => {
  it('is read', () => {
    expect(readJsonObject('{"a": [1]}')).toEqual({ value: { a: [1] } });
  });

  it.each([
    { name: 'a missing comma', text: '{\n  "a": 1\n  "b": 2\n}', place: { line: 3, column: 3 } },
    { name: 'an end that is missing', text: '{\n  "a": 1', place: { line: 2, column: 9 } },
    { name: 'nothing at all', text: '', place: { line: 1, column: 1 } },
    { name: 'an array', text: '[1]', place: { line: 1, column: 1 } },
    { name: 'a number', text: '7', place: { line: 1, column: 1 } },
  ])('has a place where it is wrong: $name', ({ text, place }) => {
    expect(readJsonObject(text)).toMatchObject(place);
  });

  it('is not repeated in what is told about it', () => {
    const told = readJsonObject('{"password": hunter2}');
    expect(told).toMatchObject({ wrong: expect.stringMatching(/^is not JSON: invalid symbol/) });
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });
});
