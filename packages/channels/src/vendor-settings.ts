import type { FieldError } from '@carillon/core';
import Type from 'typebox';
import type { SettingsContext } from './adapter.ts';
import { checkOutgoingUrl } from './outgoing-url.ts';

/** Where a vendor's API is; what it is when left out is `usual`. */
export function baseUrlSetting(usual: string) {
  return Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1_024,
      default: usual,
      description: "Base address of the vendor's API",
    }),
  );
}

/** A secret that the vendor gave out. */
export function secretSetting(lengthMax: number, description: string) {
  return Type.String({ minLength: 1, maxLength: lengthMax, writeOnly: true, description });
}

/** How long a message waits at its service for a device that is out of reach, in seconds. */
export const ttlSecondsUsual = 86_400;
/** FCM keeps messages for four weeks at most; push services of browsers seldom longer. */
const ttlSecondsMax = 2_419_200;

/** How long messages wait for devices. */
export function ttlSetting() {
  return Type.Optional(
    Type.Integer({
      ...{ minimum: 0, maximum: ttlSecondsMax, default: ttlSecondsUsual },
      description: 'Seconds that a message waits for a device that is out of reach',
    }),
  );
}

/** What is wrong with the settings of these names as targets of requests. */
export function checkUrls(
  settings: Readonly<Record<string, unknown>>,
  names: readonly string[],
  { egressAllow }: SettingsContext,
): FieldError[] {
  return names.flatMap((name) => {
    const url = settings[name];
    const detail = typeof url === 'string' ? checkOutgoingUrl(url, egressAllow) : undefined;
    return detail === undefined ? [] : [{ pointer: `/${name}`, detail }];
  });
}

/** What is wrong with a text that must have a form; nothing where it is absent. */
export function checkForm(
  settings: Readonly<Record<string, unknown>>,
  name: string,
  form: RegExp,
  detail: string,
): FieldError[] {
  const value = settings[name];
  return typeof value !== 'string' || form.test(value) ? [] : [{ pointer: `/${name}`, detail }];
}

/** A path of an API whose base address may itself have a path, with or without a slash at its end. */
export function apiUrl(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}${path}`;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Tries of what people read in a chat or on a telephone: about nine hours, because later it helps nobody. */
export const chatRetryScheduleMs: readonly number[] = [
  ...[5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute],
  ...[2 * hour, 6 * hour],
];
