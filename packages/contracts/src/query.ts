/** What a server's simple query parser gives: texts, and lists of texts for what was repeated. */
export type RawQuery = Readonly<Record<string, unknown>>;

interface ParameterSchema {
  type?: unknown;
  items?: { type?: unknown };
}

/**
 * The query string with each parameter in the type that its schema asks for: whole numbers,
 * true and false, lists by comma or by repetition. What cannot be read so stays as it is, so that
 * the validator names it. A new object: the raw one is not touched.
 */
export function coerceQuery(
  properties: Readonly<Record<string, ParameterSchema>>,
  raw: RawQuery,
): Record<string, unknown> {
  // defineProperty-like: a parameter named __proto__ must become an unknown field, not a prototype.
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => {
      const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return [name, schema === undefined ? value : coerce(schema, value)];
    }),
  );
}

function coerce(schema: ParameterSchema, value: unknown): unknown {
  if (schema.type !== 'array') return coerceText(schema.type, value);
  const texts: unknown[] = Array.isArray(value) ? value : [value];
  return texts
    .flatMap((text): unknown[] => (typeof text === 'string' ? text.split(',') : [text]))
    .map((text) => coerceText(schema.items?.type, text));
}

function coerceText(type: unknown, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (type === 'integer' && /^-?(?:0|[1-9][0-9]{0,14})$/.test(value)) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
