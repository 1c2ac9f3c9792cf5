import type { ApiDeps } from '../deps.ts';
import { coder } from './coder/index.ts';
import type { Dialect } from './dialect.ts';
import { directus } from './directus/index.ts';
import { ocore } from './ocore/index.ts';

/** Every dialect that there is. */
export const allDialects: readonly Dialect[] = [coder, directus, ocore];

/** Those that CARILLON_DIALECTS switches on. */
export function dialectsOf({ dialects }: Pick<ApiDeps['config'], 'dialects'>): readonly Dialect[] {
  return allDialects.filter(({ name }) => dialects.includes(name));
}
