import { list, read } from '../items.ts';
import { forbiddenRow } from '../errors.ts';
import { readQuery } from '../query/read-query.ts';
import type { DirectusRow } from '../shape.ts';
import { toNumber } from '../payload.ts';
import { aggregateSource, toAggregated } from './aggregates.ts';
import { toSource } from './arguments.ts';
import type { Operations } from './resolve.ts';
import { toQuery } from './selection.ts';

/** What can be asked. */
export const queries: Operations = {
  async notifications(args, context, info) {
    return listRows(context, { ...toSource(args), ...toQuery(info, context.collection) });
  },

  async notifications_by_id(args, { deps, caller, collection, budget }, info) {
    const number = toNumber(args['id']);
    if (number === undefined) throw forbiddenRow();
    budget.spend(1);
    const source = { ...toSource(args), ...toQuery(info, collection) };
    const [row] = await read(deps, caller, source, [number]);
    if (row === undefined) throw forbiddenRow();
    return row;
  },

  async notifications_aggregated(args, context, info) {
    const source = aggregateSource(info, toSource(args));
    return toAggregated(await listRows(context, source));
  },
};

/** Throws DirectusError when the lists of a request have more rows than one list may have. */
async function listRows(
  { deps, caller, kind, budget }: Parameters<Operations[string]>[1],
  source: Parameters<typeof readQuery>[0],
): Promise<DirectusRow[]> {
  const { items } = readQuery(source, kind);
  // One more than there may be tells whether there is more.
  const limit = Math.min(items.limit, budget.rowsLeft() + 1);
  const { data } = await list(deps, caller, { items: { ...items, limit } });
  budget.spend(data.length);
  return data;
}
