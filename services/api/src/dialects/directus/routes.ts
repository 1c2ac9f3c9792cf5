import { createRowReader, type RowReader } from '../../actions/row-reader.ts';
import type { ApiDeps } from '../../deps.ts';
import type { UserCaller } from '../../http/caller.ts';
import type { DialectCall, DialectReply, DialectRoute } from '../dialect.ts';
import { everybody } from '../rights.ts';
import { changeAlike, changeEach, namedIn } from './changes.ts';
import { DirectusError, forbiddenRow, forbiddenUpdate, invalidPayload } from './errors.ts';
import { exportRows } from './export-rows.ts';
import {
  change,
  checkAnswer,
  createAndRead,
  keysByNumber,
  keysByQuery,
  kindOf,
  list,
  needAdmin,
  read,
  remove,
} from './items.ts';
import { allowOnly, asFields, toChange, toNumber, toNumbers, type Fields } from './payload.ts';
import { parseQueryText, type QuerySource } from './query/query-text.ts';
import { readQuery } from './query/read-query.ts';

const base = '/notifications';
const auth = everybody('inbox');

/** The collection over REST. */
export function itemRoutes(deps: ApiDeps): DialectRoute[] {
  const reader = createRowReader(deps);
  const methods = { status: 200, text: 'POST,GET,HEAD,SEARCH,PATCH,DELETE' };
  return [
    { method: 'GET', path: base, auth, handle: (call) => answerList(deps, call, sourceOf(call)) },
    { method: 'SEARCH', path: base, auth, handle: (call) => search(deps, call) },
    { method: 'POST', path: base, auth, handle: (call) => post(deps, reader, call) },
    { method: 'PATCH', path: base, auth, handle: (call) => patchMany(deps, call) },
    { method: 'DELETE', path: base, auth, handle: (call) => removeMany(deps, call) },
    { method: 'GET', path: `${base}/{id}`, auth, handle: (call) => getOne(deps, call) },
    { method: 'PATCH', path: `${base}/{id}`, auth, handle: (call) => patchOne(deps, call) },
    { method: 'DELETE', path: `${base}/{id}`, auth, handle: (call) => removeOne(deps, call) },
    ...[base, `${base}/{id}`].map((path): DialectRoute => ({
      ...{ method: 'OPTIONS', path, auth: 'public' },
      handle: async () => ({ ...methods, headers: { 'Content-Type': 'text/html; charset=utf-8' } }),
    })),
  ];
}

function sourceOf({ query }: DialectCall): QuerySource {
  return parseQueryText(query.toString());
}

async function answerList(
  deps: ApiDeps,
  { caller }: DialectCall,
  source: QuerySource,
): Promise<DialectReply> {
  const question = readQuery(source, kindOf(caller));
  if (question.export !== undefined) return exportRows(deps, caller, source, question.export);
  const { data, meta } = await list(deps, caller, question);
  return { status: 200, body: { data, ...(meta !== undefined && { meta }) } };
}

/** The query of the body counts, that of the URL does not. */
async function search(deps: ApiDeps, call: DialectCall): Promise<DialectReply> {
  const fields = call.body === undefined ? {} : asFields(call.body);
  allowOnly(fields, ['query', 'keys']);
  const source = 'query' in fields ? asFields(fields['query'], 'query') : {};
  if (!('keys' in fields)) return answerList(deps, call, source);
  const numbers = toNumbers(fields['keys']);
  if (numbers.length === 0) return { status: 200, body: { data: [] } };
  return { status: 200, body: { data: await read(deps, call.caller, source, numbers) } };
}

async function getOne(deps: ApiDeps, call: DialectCall): Promise<DialectReply> {
  const [row] = await read(deps, call.caller, sourceOf(call), [numberOf(call)]);
  if (row === undefined) throw forbiddenRow();
  return { status: 200, body: { data: row } };
}

async function post(deps: ApiDeps, reader: RowReader, call: DialectCall): Promise<DialectReply> {
  const { caller, body, context } = call;
  needAdmin(caller);
  checkAnswer(caller, sourceOf(call));
  const bodies = Array.isArray(body) ? body : [body ?? {}];
  const tell = await createAndRead(deps, reader, caller, { bodies, context, source: sourceOf(call) });
  return written(async () => {
    const rows = await tell();
    return Array.isArray(body) ? rows : rows[0];
  });
}

/** What cannot be answered was written all the same: then there is nothing to answer with. */
async function written(answer: () => Promise<unknown>): Promise<DialectReply> {
  try {
    const data = await answer();
    return data === undefined ? { status: 204 } : { status: 200, body: { data } };
  } catch (error) {
    if (error instanceof DirectusError && error.status === 403) return { status: 204 };
    throw error;
  }
}

async function patchOne(deps: ApiDeps, call: DialectCall): Promise<DialectReply> {
  const { caller, body } = call;
  const number = numberOf(call);
  checkAnswer(caller, sourceOf(call));
  const isEmpty = body === undefined || Array.isArray(body);
  const fields = isEmpty ? {} : asFields(body);
  const patch = toChange(fields, kindOf(caller) === 'admin');
  const keys = await keysByNumber(deps, caller, [number]);
  if (keys.length === 0) {
    if (kindOf(caller) === 'admin') return { status: 204 };
    throw forbiddenUpdate(namedIn(fields));
  }
  await change(deps, caller, keys, patch);
  return written(async () => (await read(deps, caller, sourceOf(call), [number]))[0]);
}

/** Several by one body each, by ids and one body, or by query and one body. */
async function patchMany(deps: ApiDeps, call: DialectCall): Promise<DialectReply> {
  const { caller, body } = call;
  checkAnswer(caller, sourceOf(call));
  const numbers = Array.isArray(body)
    ? await changeEach(deps, caller, body)
    : await patchAlike(deps, caller, asFields(body ?? {}));
  if (numbers.length === 0) return { status: 200, body: { data: [] } };
  return written(() => read(deps, caller, sourceOf(call), numbers));
}

async function patchAlike(deps: ApiDeps, caller: UserCaller, body: Fields): Promise<number[]> {
  if (!('data' in body)) throw invalidPayload('"data" is required');
  const fields = asFields(body['data'], 'data');
  needTarget(body, ['query', 'keys', 'data']);
  if ('keys' in body) return changeAlike(deps, caller, toNumbers(body['keys']), fields);
  const patch = toChange(fields, kindOf(caller) === 'admin');
  return change(deps, caller, await keysByQuery(deps, caller, asFields(body['query'], 'query')), patch);
}

async function removeOne(deps: ApiDeps, call: DialectCall): Promise<DialectReply> {
  needAdmin(call.caller);
  await remove(deps, call.caller, await keysByNumber(deps, call.caller, [numberOf(call)]));
  return { status: 204 };
}

async function removeMany(deps: ApiDeps, { caller, body }: DialectCall): Promise<DialectReply> {
  needAdmin(caller);
  const fields: Fields = Array.isArray(body) ? { keys: body } : asFields(body ?? {});
  needTarget(fields, ['query', 'keys']);
  if ('keys' in fields) {
    await remove(deps, caller, await keysByNumber(deps, caller, toNumbers(fields['keys'])));
    return { status: 204 };
  }
  await remove(deps, caller, await keysByQuery(deps, caller, asFields(fields['query'], 'query')));
  return { status: 204 };
}

/** Throws DirectusError for a write that does not say of which rows. */
function needTarget(fields: Fields, names: readonly string[]): void {
  allowOnly(fields, names);
  if ('keys' in fields || 'query' in fields) return;
  throw invalidPayload('"value" must contain at least one of [query, keys]');
}

/** Throws DirectusError for what is no id: it is told as a row that may not be seen. */
function numberOf({ params }: DialectCall): number {
  const number = toNumber(params['id']);
  if (number === undefined) throw forbiddenRow();
  return number;
}
