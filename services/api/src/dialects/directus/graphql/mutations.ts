import { changeAlike, changeEach, namedIn } from '../changes.ts';
import { forbiddenRow, forbiddenUpdate, invalidPayload } from '../errors.ts';
import { create, keysByNumber, read, remove } from '../items.ts';
import { asFields, toNumber, toNumbers } from '../payload.ts';
import { readQuery } from '../query/read-query.ts';
import type { QuerySource } from '../query/query-text.ts';
import type { DirectusRow } from '../shape.ts';
import { toSource, type Arguments } from './arguments.ts';
import type { OperationContext, Operations } from './resolve.ts';
import { toQuery } from './selection.ts';

/** What can be changed. Which of them a caller has is a matter of the schema. */
export const mutations: Operations = {
  async create_notifications_item({ data }, context, info) {
    const [row] = await createRows(context, toQuery(info, context.collection), [data]);
    return row ?? null;
  },

  async create_notifications_items(args, context, info) {
    const source = { ...toSource(args), ...toQuery(info, context.collection) };
    return createRows(context, source, listOf(args, 'data'));
  },

  async update_notifications_item({ id, data }, context, info) {
    const { deps, caller, kind, budget } = context;
    const number = toNumber(id);
    if (number === undefined) throw forbiddenRow();
    budget.spend(1);
    const source = toQuery(info, context.collection);
    const fields = asFields(data);
    const [changed] = await changeAlike(deps, caller, [number], fields);
    if (changed === undefined) throw kind === 'admin' ? forbiddenRow() : forbiddenUpdate(namedIn(fields));
    const [row] = await read(deps, caller, source, [number]);
    return row ?? null;
  },

  async update_notifications_items(args, context, info) {
    const { deps, caller, budget } = context;
    const source = readable(context, { ...toSource(args), ...toQuery(info, context.collection) });
    const numbers = toNumbers(args['ids']);
    budget.spend(numbers.length);
    return readSome(context, source, await changeAlike(deps, caller, numbers, asFields(args['data'])));
  },

  async update_notifications_batch(args, context, info) {
    const { deps, caller, budget } = context;
    const source = readable(context, { ...toSource(args), ...toQuery(info, context.collection) });
    const bodies = listOf(args, 'data');
    budget.spend(bodies.length);
    return readSome(context, source, await changeEach(deps, caller, bodies));
  },

  async delete_notifications_item({ id }, context) {
    const number = toNumber(id);
    if (number === undefined) throw forbiddenRow();
    await removeRows(context, [number]);
    return { id };
  },

  async delete_notifications_items({ ids }, context) {
    await removeRows(context, toNumbers(ids));
    return { ids };
  },
};

async function createRows(context: OperationContext, source: QuerySource, bodies: readonly unknown[]) {
  const { deps, caller, request, budget } = context;
  readable(context, source);
  budget.spend(bodies.length);
  const numbers = await create(deps, caller, bodies, request);
  return numbers.length === 0 ? [] : read(deps, caller, source, numbers, 'as_given');
}

/** Throws DirectusError before anything is written that could not be answered. */
function readable({ kind }: OperationContext, source: QuerySource): QuerySource {
  readQuery(source, kind);
  return source;
}

async function readSome(
  { deps, caller }: OperationContext,
  source: QuerySource,
  numbers: readonly number[],
): Promise<DirectusRow[]> {
  return numbers.length === 0 ? [] : read(deps, caller, source, numbers);
}

async function removeRows({ deps, caller, budget }: OperationContext, numbers: number[]): Promise<void> {
  budget.spend(numbers.length);
  await remove(deps, caller, await keysByNumber(deps, caller, numbers));
}

/** What the schema lets be left out is an error here all the same: there is nothing to do. */
function listOf(args: Arguments, name: string): readonly unknown[] {
  const given = args[name];
  if (Array.isArray(given)) return given;
  throw invalidPayload(`"${name}" is required`);
}
