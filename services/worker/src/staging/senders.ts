import type { Adapter, Captured, SendRequest } from '@carillon/channels';
import { catalogue, secretFieldsOf } from '@carillon/channels/catalogue';
import { perKind, type ExternalKind } from '@carillon/core';
import { insertCaptured, type CapturedMessage } from '@carillon/db/operation';
import { createBatcher, type DeliveryConfig } from '@carillon/runtime';
import type { WorkerDeps } from '../deps.ts';
import { readAllowList } from './allow-list.ts';
import type { Sender } from './sender.ts';

/** Messages written down in one statement at most. */
const batchMax = 100;

/**
 * What deliveries and tests of channels go out by, for each kind. In the mode `capture` no adapter is made at all, so
 * that nothing can open a socket; in `allowlist` an adapter sees only what goes to a named target. What is kept
 * back is written down before it counts as captured: where that fails, it is tried again as any other send.
 */
export function createSenders(
  deps: Pick<WorkerDeps, 'db' | 'log'>,
  { mode, allow }: DeliveryConfig,
  makeAdapter: (kind: ExternalKind) => Adapter,
): Record<ExternalKind, Sender> {
  if (mode === 'live') return perKind(makeAdapter);
  deps.log.warn({ event: 'delivery.held_back', mode });
  const capture = createCapture(deps);
  if (mode === 'capture') return perKind((kind) => ({ send: (request) => capture(kind, request), stop }));
  const isAllowed = readAllowList(allow);
  return perKind((kind) => {
    const adapter = makeAdapter(kind);
    return {
      send: (request) => (isAllowed(kind, request.target) ? adapter.send(request) : capture(kind, request)),
      stop: () => adapter.stop(),
    };
  });
}

/** Nothing was opened. */
async function stop(): Promise<void> {}

function createCapture({
  db,
}: Pick<WorkerDeps, 'db'>): (kind: ExternalKind, request: SendRequest) => Promise<Captured> {
  const batcher = createBatcher<CapturedMessage, void>({
    inFlightMax: 2,
    weightMax: batchMax,
    run: async (messages) => {
      await insertCaptured(db, messages);
      return messages.map(() => undefined);
    },
  });
  return async (kind, request) => {
    await batcher.submit(toCaptured(kind, request));
    return { outcome: 'captured' };
  };
}

function toCaptured(kind: ExternalKind, { deliveryId, message, target }: SendRequest): CapturedMessage {
  const secrets = new Set(secretFieldsOf(kind));
  return {
    id: deliveryId,
    address: target.address ?? null,
    settings: Object.fromEntries(Object.entries(target.settings).filter(([name]) => !secrets.has(name))),
    message: catalogue[kind].ignoresMessage === true ? null : message,
  };
}
