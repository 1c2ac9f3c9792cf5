import {
  ConflictError,
  InvalidError,
  type AcceptedNotification,
  type CarillonError,
  type FieldError,
  type NotificationId,
  type OrganizationId,
  type TriggerDraft,
  type TriggerId,
} from '@carillon/core';
import {
  asUnavailable,
  insertNotifications,
  isNumberTaken,
  inTransaction,
  sqlState,
  type AcceptIdempotency,
  type AcceptRequest,
  type Database,
} from '@carillon/db';
import { createBatcher, sleep } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import { createDataChecks, type DataChecks } from './accept-templates.ts';
import { chooseLane, createShares, type Shares } from './lanes.ts';
import { replayAccepted } from './replay.ts';
import { resolveDrafts, type ResolvedDraft } from './resolve.ts';

/** One HTTP request that creates notifications: one trigger, or the triggers of a batch. */
export interface AcceptCall {
  /** Made once per request; a flush that is tried again writes nothing twice. */
  id: string;
  organizationId: OrganizationId;
  idempotency: Omit<AcceptIdempotency, 'details'> | undefined;
  drafts: TriggerDraft[];
  /** Whether one refused trigger refuses all of them. */
  isAtomic?: boolean | undefined;
  requestId: string;
  traceparent: string | undefined;
}

/** What finding recipients and templates needs of a call. */
export type DraftCall = Pick<AcceptCall, 'organizationId' | 'drafts'>;

/** What became of one trigger. */
export type TriggerResult =
  | {
      outcome: 'accepted';
      id: TriggerId;
      notifications: AcceptedNotification[];
      /** Entries of `to` that named somebody who was named before. */
      deduplicated: number;
      rejected: FieldError[];
    }
  | { outcome: 'refused'; code: string; message: string; errors: FieldError[] };

export interface AcceptResult {
  triggers: TriggerResult[];
  /** The answer of an earlier call with the same key. */
  replayed: boolean;
}

export interface Acceptor {
  /**
   * Resolves when the rows are committed, and hints were left as far as Redis takes them. Throws what
   * refuses the whole request; a refused trigger of several stands in its result.
   */
  accept(call: AcceptCall): Promise<AcceptResult>;
}

export type AcceptDeps = Pick<
  ApiDeps,
  'system' | 'newId' | 'producer' | 'metrics' | 'log' | 'fault' | 'clock'
>;

/** With what is kept from one flush to the next. */
type FlushDeps = AcceptDeps & { dataChecks: DataChecks };

/** Rows after which a flush closes. */
const flushRowsMax = 500;
const flushesInFlight = 2;

/** Group commit: all requests that come while a flush is under way share the next one. */
export function createAcceptor(deps: AcceptDeps): Acceptor {
  const shares = createShares(deps.clock);
  const flushing: FlushDeps = { ...deps, dataChecks: createDataChecks() };
  const batcher = createBatcher<AcceptCall, AcceptResult | Error>({
    inFlightMax: flushesInFlight,
    weightMax: flushRowsMax,
    weigh: (call) => call.drafts.reduce((sum, draft) => sum + draft.to.length, 0),
    run: (calls) => flush(flushing, shares, calls),
  });
  return {
    async accept(call) {
      const result = await batcher.submit(call);
      if (result instanceof Error) throw result;
      return result;
    },
  };
}

/** A request of a flush whose recipients are known. */
interface Resolved {
  call: AcceptCall;
  request: AcceptRequest;
  results: TriggerResult[];
}

/**
 * Requests with inline users write users too, so each has a transaction of its own; all others share
 * one statement.
 */
async function flush(
  deps: FlushDeps,
  shares: Shares,
  calls: AcceptCall[],
): Promise<(AcceptResult | Error)[]> {
  deps.fault('api.before-tx');
  const plain = calls.filter((call) => !hasInlineUsers(call));
  const inline = calls.filter(hasInlineUsers);
  const resolved = await resolveAll(deps, deps.system, shares, plain);
  const outcomes = await write(deps, resolved.filter(isWorthWriting));
  for (const call of inline) {
    const { one, outcome } = await writeInline(deps, shares, call);
    if (one !== undefined) resolved.push(one);
    outcomes.set(call.id, outcome);
  }
  deps.fault('api.after-commit-before-reply');
  const answers = await Promise.all(calls.map((call) => answerOf(deps, call, resolved, outcomes)));
  await leaveHints(
    deps,
    resolved.filter(({ call }) => outcomes.get(call.id) === 'written'),
  );
  return answers;
}

function hasInlineUsers(call: AcceptCall): boolean {
  return call.drafts.some((draft) => draft.to.some((ref) => ref.by === 'inline'));
}

/** Each request's fault answers that request alone. */
async function resolveAll(
  deps: FlushDeps,
  db: Database,
  shares: Shares,
  calls: AcceptCall[],
): Promise<Resolved[]> {
  const drafted = await resolveDrafts({ newId: deps.newId, dataChecks: deps.dataChecks, db }, calls);
  return calls.map((call, index) => toResolved(call, drafted[index] ?? [], chooseLane(shares, call)));
}

/** Thrown to undo the users of a request whose key was taken before. */
class AlreadyKeyed extends Error {}

async function writeInline(
  deps: FlushDeps,
  shares: Shares,
  call: AcceptCall,
): Promise<{ one: Resolved | undefined; outcome: WriteOutcome }> {
  try {
    const one = await inTransaction(deps.system, async (db) => {
      const [resolved] = await resolveAll(deps, db, shares, [call]);
      if (resolved === undefined || !isWorthWriting(resolved)) return resolved;
      const { alreadyKeyed } = await insertNotifications(db, [resolved.request]);
      if (alreadyKeyed.size > 0) throw new AlreadyKeyed();
      deps.fault('api.in-tx');
      return resolved;
    });
    return { one, outcome: 'written' };
  } catch (cause) {
    if (cause instanceof AlreadyKeyed) return { one: undefined, outcome: 'keyed' };
    // Never thrown: the others of this flush are committed, and must not be told otherwise.
    return {
      one: undefined,
      outcome: dataErrors.test(sqlState(cause) ?? '')
        ? unstorable(cause)
        : (asUnavailable(cause) ?? asError(cause)),
    };
  }
}

async function answerOf(
  deps: AcceptDeps,
  call: AcceptCall,
  resolved: readonly Resolved[],
  outcomes: ReadonlyMap<string, WriteOutcome>,
): Promise<AcceptResult | Error> {
  const outcome = outcomes.get(call.id);
  if (outcome instanceof Error) return outcome;
  if (outcome === 'keyed') return replay(deps, call);
  const one = resolved.find((each) => each.call === call);
  return { triggers: one?.results ?? [], replayed: false };
}

function isWorthWriting({ request }: Resolved): boolean {
  return request.triggers.length > 0 || request.idempotency !== undefined;
}

function toResolved(call: AcceptCall, drafts: ResolvedDraft[], lane: AcceptRequest['lane']): Resolved {
  const results = drafts.map((draft) => draft.result);
  const isRefused = call.isAtomic === true && results.some((result) => result.outcome === 'refused');
  const triggers = drafts.flatMap(({ result, content }) => {
    if (isRefused || result.outcome !== 'accepted') return [];
    return [{ id: result.id, content, notifications: result.notifications }];
  });
  const details = results.map((result) =>
    result.outcome === 'refused'
      ? result
      : {
          outcome: result.outcome,
          id: result.id,
          deduplicated: result.deduplicated,
          rejected: result.rejected,
        },
  );
  // A single trigger that was refused is no 2xx, and only those are kept for their key.
  const isKept = call.drafts.length > 1 || triggers.length > 0;
  return {
    call,
    results,
    request: {
      id: call.id,
      organizationId: call.organizationId,
      idempotency: call.idempotency === undefined || !isKept ? undefined : { ...call.idempotency, details },
      triggers,
      lane,
      requestId: call.requestId,
      traceparent: call.traceparent,
    },
  };
}

type WriteOutcome = 'written' | 'keyed' | Error;

/** SQLSTATE classes 22 and 23: one request's data, which must not refuse the others. */
const dataErrors = /^2[23]/;

async function write(deps: AcceptDeps, writing: Resolved[]): Promise<Map<string, WriteOutcome>> {
  const outcomes = new Map<string, WriteOutcome>();
  if (writing.length === 0) return outcomes;
  try {
    const { alreadyKeyed } = await insertSurely(
      deps,
      writing.map((one) => one.request),
    );
    for (const { request } of writing)
      outcomes.set(request.id, alreadyKeyed.has(request.id) ? 'keyed' : 'written');
  } catch (cause) {
    if (!dataErrors.test(sqlState(cause) ?? '')) throw cause;
    if (writing.length > 1) {
      for (const one of writing) for (const entry of await write(deps, [one])) outcomes.set(...entry);
    } else if (writing[0] !== undefined) outcomes.set(writing[0].request.id, unstorable(cause));
  }
  return outcomes;
}

/** How long a broken write is tried again: within the time that a caller is kept waiting anyway. */
const againForMs = 1_000;
/** All connections of the pool tend to break together; in this time the others are noticed too. */
const againAfterMs = 50;

/**
 * A connection that breaks at the commit leaves open whether the rows are there. Writing the same ids
 * again tells: what is there is not written twice, and its key is found with this request's own id.
 */
async function insertSurely(
  deps: AcceptDeps,
  requests: readonly AcceptRequest[],
): Promise<{ alreadyKeyed: Set<string> }> {
  const endMs = deps.clock.monotonicMs() + againForMs;
  for (;;) {
    try {
      return await insertNotifications(deps.system, requests);
    } catch (cause) {
      if (deps.clock.monotonicMs() > endMs || asUnavailable(cause) === undefined) throw cause;
      await sleep(againAfterMs);
    }
  }
}

function unstorable(cause: unknown): CarillonError {
  if (isNumberTaken(cause)) {
    return new ConflictError('notification.number_taken', 'Another notification has this number', { cause });
  }
  return new InvalidError('request.invalid', 'The request holds a value that cannot be stored', { cause });
}

async function replay(deps: AcceptDeps, call: AcceptCall): Promise<AcceptResult | Error> {
  if (call.idempotency === undefined) return new ConflictError('idempotency.in_progress', 'Repeat the call');
  try {
    return await replayAccepted(deps, call.organizationId, call.idempotency, call.id);
  } catch (error) {
    return asError(error);
  }
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}

async function leaveHints(deps: AcceptDeps, written: readonly Resolved[]): Promise<void> {
  const lanes = { urgent: [] as NotificationId[], normal: [] as NotificationId[] };
  let count = 0;
  for (const { request } of written) {
    for (const trigger of request.triggers) {
      count += trigger.notifications.length;
      // What is sent later is found by the reconciler when its time has come.
      if (request.lane === 'bulk' || trigger.content.sendAt !== undefined) continue;
      const lane = trigger.content.urgent ? 'urgent' : 'normal';
      for (const { id } of trigger.notifications) lanes[lane].push(id);
    }
  }
  deps.metrics.flushSize.observe(count);
  await Promise.all(
    (['urgent', 'normal'] as const)
      .filter((lane) => lanes[lane].length > 0)
      .map((lane) => deps.producer.enqueueDispatch(lane, lanes[lane])),
  );
}
