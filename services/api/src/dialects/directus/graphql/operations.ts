import type { ApiDeps } from '../../../deps.ts';
import type { UserCaller } from '../../../http/caller.ts';
import type { RequestContext } from '../../../http/request-context.ts';
import { kindOf } from '../items.ts';
import { collections } from '../query/collections.ts';
import { createBudget } from './budget.ts';
import { mutations } from './mutations.ts';
import { queries } from './queries.ts';
import { createResolver, type OperationContext } from './resolve.ts';

/** Resolves every field of every schema: whatever a caller may not do is not in the own one. */
export const fieldResolver = createResolver({ ...queries, ...mutations });

/** For the operations of one request. */
export function createContext(deps: ApiDeps, caller: UserCaller, request: RequestContext): OperationContext {
  const kind = kindOf(caller);
  return { deps, caller, kind, collection: collections[kind], request, budget: createBudget() };
}
