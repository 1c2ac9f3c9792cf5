import { Ajv } from 'ajv';
import type { Static, TSchema } from 'typebox';

const ajv = new Ajv({ strict: true, allErrors: false });

/** Reads decrypted settings as the type of their schema, or undefined when they do not fit it. */
export function settingsReader<Schema extends TSchema>(
  schema: Schema,
): (settings: unknown) => Static<Schema> | undefined {
  const fits = ajv.compile<Static<Schema>>(schema);
  return (settings) => (fits(settings) ? settings : undefined);
}
