import { MalformedError, type FieldError } from '@carillon/core';

/** Reads members of a JSON object. What is wrong is collected, so that one refusal tells all of it. */
export interface Fields {
  /** Undefined where it is left out, or wrong. */
  text(name: string, bounds: { charsMin?: number; charsMax: number }): string | undefined;
  flag(name: string): boolean | undefined;
  object(name: string): Readonly<Record<string, unknown>> | undefined;
}

/** `pointer` is the JSON pointer of `value` in the body. Members that nobody asks for are ignored. */
export function readFields(value: unknown, pointer: string, errors: FieldError[]): Fields {
  const members = isObject(value) ? value : {};
  if (!isObject(value)) errors.push({ pointer, detail: 'must be a JSON object' });

  function read<T>(name: string, expected: string, isRight: (one: unknown) => one is T): T | undefined {
    const found = Object.hasOwn(members, name) ? members[name] : undefined;
    if (found === undefined) return undefined;
    if (isRight(found)) return found;
    errors.push({ pointer: `${pointer}/${name}`, detail: `must be ${expected}` });
    return undefined;
  }

  return {
    text(name, { charsMin = 0, charsMax }) {
      const expected = `a string of ${charsMin} to ${charsMax} characters`;
      return read(name, expected, (one) => isText(one, charsMin, charsMax));
    },
    flag: (name) => read(name, 'true or false', (one) => typeof one === 'boolean'),
    object: (name) => read(name, 'a JSON object', isObject),
  };
}

/** Tells all that is wrong with a request. */
export function refusal(errors: FieldError[]): MalformedError {
  const told = errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  return new MalformedError('request.invalid', told.join('; '), { errors });
}

/** Throws MalformedError where anything is wrong. */
export function refuse(errors: FieldError[]): void {
  if (errors.length > 0) throw refusal(errors);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, charsMin: number, charsMax: number): value is string {
  if (typeof value !== 'string' || value.length > charsMax * 2) return false;
  const { length } = Array.from(value);
  return length >= charsMin && length <= charsMax;
}
