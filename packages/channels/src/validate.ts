import type { ExternalKind, FieldError } from '@carillon/core';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';
import type { RandomBytes, SettingsContext } from './adapter.ts';
import { catalogue } from './catalogue.ts';

const ajv = new Ajv({ strict: true, allErrors: true });
const compiled = new WeakMap<TSchema, ValidateFunction>();

/** What is wrong with a kind's settings; empty when they can be stored. Pointers are relative to the settings. */
export function validateSettings(kind: ExternalKind, value: unknown, context: SettingsContext): FieldError[] {
  const { settings, checkSettings } = catalogue[kind];
  const errors = fieldErrors(settings, value);
  if (errors.length > 0 || !isRecord(value)) return errors;
  return checkSettings?.(value, context) ?? [];
}

/** What is wrong with an address for a kind; pointers are relative to the address, hence ''. */
export function validateAddress(kind: ExternalKind, value: unknown): FieldError[] {
  const { contactPoint, checkAddress, title } = catalogue[kind];
  if (contactPoint === undefined) return [{ pointer: '', detail: `${title} takes no contact points` }];
  const errors = fieldErrors(contactPoint, value);
  if (errors.length > 0 || typeof value !== 'string') return errors;
  const wrong = checkAddress?.(value);
  return wrong === undefined ? [] : [{ pointer: '', detail: wrong }];
}

/** The settings with what Carillon makes itself (a signing secret) where the writer left it out. */
export function fillSettings(
  kind: ExternalKind,
  value: Readonly<Record<string, unknown>>,
  randomBytes: RandomBytes,
): Record<string, unknown> {
  const made = Object.entries(catalogue[kind].newSettings?.(randomBytes) ?? {});
  return { ...value, ...Object.fromEntries(made.filter(([name]) => value[name] === undefined)) };
}

/** Names of the settings that are encrypted and never given back. */
export function secretFieldsOf(kind: ExternalKind): string[] {
  const { settings } = catalogue[kind];
  const properties: unknown = 'properties' in settings ? settings.properties : undefined;
  if (!isRecord(properties)) return [];
  return Object.keys(properties).filter((name) => {
    const property = properties[name];
    return isRecord(property) && property['writeOnly'] === true;
  });
}

function fieldErrors(schema: TSchema, value: unknown): FieldError[] {
  const fits = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, fits);
  return fits(value) ? [] : (fits.errors ?? []).map(toFieldError);
}

/** The value itself never appears in a detail: it may be a secret. */
function toFieldError({ instancePath, keyword, params, message }: ErrorObject): FieldError {
  switch (keyword) {
    case 'required':
      return { pointer: `${instancePath}/${pointerPart(params['missingProperty'])}`, detail: 'is required' };
    case 'additionalProperties':
      return {
        pointer: `${instancePath}/${pointerPart(params['additionalProperty'])}`,
        detail: 'is not known',
      };
    case 'enum':
      return { pointer: instancePath, detail: `must be one of ${listOf(params['allowedValues'])}` };
    default:
      return { pointer: instancePath, detail: message ?? 'is not valid' };
  }
}

function listOf(values: unknown): string {
  return Array.isArray(values) ? values.join(', ') : '';
}

/** RFC 6901 section 3. */
function pointerPart(name: unknown): string {
  return String(name).replaceAll('~', '~0').replaceAll('/', '~1');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
