import { OncallRefusal } from './refusal.ts';

/** Reads members of a JSON object. Faults are collected by field, so that one refusal tells all of them. */
export interface Fields {
  /** As it was sent; undefined where it is left out. */
  value(name: string): unknown;
  /** Any text, empty where it is none: no user has such an id. */
  required(name: string): string;
  text(name: string): string | undefined;
  flag(name: string): boolean | undefined;
  integer(name: string): number | undefined;
  fault(name: string, detail: string): void;
  /** Throws OncallRefusal where there was a fault. */
  refuse(): void;
}

/** Nothing at all counts as an object without members. Throws OncallRefusal for what is no object. */
export function openFields(body: unknown = {}): Fields {
  const faults: Record<string, string[]> = {};
  if (!isObject(body)) {
    const detail = `Invalid data. Expected a dictionary, but got ${kindOf(body)}.`;
    throw new OncallRefusal({ non_field_errors: [detail] });
  }
  const value = (name: string) => (Object.hasOwn(body, name) ? body[name] : undefined);
  const fault = (name: string, detail: string) => void (faults[name] = [...(faults[name] ?? []), detail]);

  function read<T>(name: string, isRight: (one: unknown) => one is T, detail: string): T | undefined {
    const found = value(name);
    if (found === undefined || isRight(found)) return found;
    fault(name, found === null ? 'This field may not be null.' : detail);
    return undefined;
  }

  return {
    ...{ value, fault },
    required(name) {
      const found = value(name);
      if (found === undefined) fault(name, 'This field is required.');
      if (found === null) fault(name, 'This field may not be null.');
      return typeof found === 'string' ? found : '';
    },
    text(name) {
      const found = read(name, isText, 'Not a valid string.');
      if (found === '') fault(name, 'This field may not be blank.');
      return found;
    },
    flag: (name) => read(name, (one) => typeof one === 'boolean', 'Must be a valid boolean.'),
    integer: (name) => read(name, isInteger, 'A valid integer is required.'),
    refuse() {
      if (Object.keys(faults).length > 0) throw new OncallRefusal(faults);
    },
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}
