/** Own properties only: what a value inherits does not exist for a template. */
export function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}

/** What is printed for a value. Objects and lists are printed as JSON; what has no text (a function) is empty. */
export function textOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? '' : jsonOf(value);
    default:
      return '';
  }
}

/** Compact JSON, or the empty text for what has none. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // A circle or a bigint: neither comes out of JSON, so neither is worth more than an empty place.
    return '';
  }
}

/** What `if`, `unless`, `and`, `or` and `not` go by: also 0, the empty text and the empty list are no. */
export function isYes(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** The own properties of objects in one without prototype, later ones over earlier ones; what is no object has none. */
export function bareCopy(...values: readonly unknown[]): Record<string, unknown> {
  const copy: Record<string, unknown> = Object.create(null);
  for (const value of values) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) Object.assign(copy, value);
  }
  return copy;
}
