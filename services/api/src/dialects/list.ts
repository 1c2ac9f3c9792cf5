import type { DialectName } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import type { Dialect } from './dialect.ts';

/** Every dialect that there is. Each comes with libraries of its own, which cost memory only where it is switched on. */
export const dialectLoaders: Readonly<Record<DialectName, () => Promise<Dialect>>> = {
  coder: async () => (await import('./coder/index.ts')).coder,
  directus: async () => (await import('./directus/index.ts')).directus,
  ocore: async () => (await import('./ocore/index.ts')).ocore,
  oncall: async () => (await import('./oncall/index.ts')).oncall,
};

/** Those that CARILLON_DIALECTS switches on. */
export async function loadDialects({
  dialects,
}: Pick<ApiDeps['config'], 'dialects'>): Promise<readonly Dialect[]> {
  const loaded: Dialect[] = [];
  // One after the other: they share modules, and reading those is work of one thread anyway.
  for (const name of dialects) loaded.push(await dialectLoaders[name]());
  return loaded;
}
