import { Ajv, type ValidateFunction } from 'ajv';
import type { Static, TSchema } from 'typebox';

const ajv = new Ajv({ strict: true, allErrors: false });

/**
 * Reads decrypted settings as the type of their schema, or undefined when they do not fit it. The schema is
 * compiled at the first reading: who only needs the catalogue does not wait for it.
 */
export function settingsReader<Schema extends TSchema>(
  schema: Schema,
): (settings: unknown) => Static<Schema> | undefined {
  let compiled: ValidateFunction<Static<Schema>> | undefined;
  return (settings) => {
    const fits = (compiled ??= ajv.compile<Static<Schema>>(schema));
    return fits(settings) ? settings : undefined;
  };
}
