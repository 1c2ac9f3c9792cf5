import type { ApiDeps } from '../../deps.ts';
import type { UserCaller } from '../../http/caller.ts';
import { forbiddenUpdate, invalidPayload } from './errors.ts';
import { change, checkPeople, keysByNumber, kindOf } from './items.ts';
import { asFields, toChange, toNumbers, type Fields } from './payload.ts';

/**
 * Changes each row by a body of its own, which names it; answers the ids of those that there are. A member who names
 * one that is not there changes none. Throws DirectusError.
 */
export async function changeEach(
  deps: ApiDeps,
  caller: UserCaller,
  bodies: readonly unknown[],
): Promise<number[]> {
  const isAdmin = kindOf(caller) === 'admin';
  const wanted = bodies.map((one) => {
    const fields = asFields(one);
    if (fields['id'] === undefined || fields['id'] === null)
      throw invalidPayload('Item in update misses primary key');
    const [number = -1] = toNumbers([fields['id']]);
    return { number, fields, patch: toChange(fields, isAdmin) };
  });
  const keys = await keysByNumber(
    deps,
    caller,
    wanted.map((one) => one.number),
  );
  const found = new Map(keys.map((key) => [key.number, key]));
  const missing = wanted.find((one) => !found.has(one.number));
  if (missing !== undefined && !isAdmin) throw forbiddenUpdate(namedIn(missing.fields));
  await checkPeople(
    deps,
    caller,
    wanted.map((one) => one.patch),
  );
  const numbers: number[] = [];
  for (const { number, patch } of wanted) {
    const key = found.get(number);
    if (key !== undefined) numbers.push(...(await change(deps, caller, [key], patch)));
  }
  return numbers;
}

/** As `changeEach`, with one body for all rows. */
export async function changeAlike(
  deps: ApiDeps,
  caller: UserCaller,
  numbers: readonly number[],
  fields: Fields,
): Promise<number[]> {
  const isAdmin = kindOf(caller) === 'admin';
  const patch = toChange(fields, isAdmin);
  const keys = await keysByNumber(deps, caller, numbers);
  if (!isAdmin && new Set(numbers).size > keys.length) throw forbiddenUpdate(namedIn(fields));
  return change(deps, caller, keys, patch);
}

/** What a refused change is told to have named. */
export function namedIn(fields: Fields): string[] {
  const names = Object.keys(fields).filter((name) => name !== 'id');
  return names.length === 0 ? ['status'] : names;
}
