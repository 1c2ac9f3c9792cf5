import type { Simulation } from '@carillon/contracts';
import type { DeliveryMode } from '@carillon/core';
import type { Simulated, SimulatedKind, SimulatedRecipient } from '../../actions/simulate.ts';
import { detailOf, fromBecause } from '../explain/wire.ts';

/** Domain → wire. */
export function fromSimulated(simulated: Simulated, mode: DeliveryMode): Simulation {
  return {
    at: simulated.at.toISOString(),
    decided_at: simulated.decidedAt.toISOString(),
    paused: simulated.paused,
    delivery_mode: mode,
    recipients: simulated.recipients.map(fromRecipient),
    deduplicated: simulated.deduplicated,
    rejected: simulated.rejected.map(({ pointer, detail }) => ({ pointer, detail })),
  };
}

function fromRecipient({ id, externalId, placed, kinds, rules }: SimulatedRecipient) {
  return {
    recipient_id: id,
    recipient_external_id: externalId,
    placed,
    kinds: kinds.map(fromKind),
    rules: rules === undefined ? null : { list: rules.list, steps: rules.steps.map(fromStep) },
  };
}

type SimulatedRules = NonNullable<SimulatedRecipient['rules']>;

function fromStep({ step, sentence }: SimulatedRules['steps'][number]) {
  return {
    ...{ type: step.type, decision: step.decision, code: step.code ?? null },
    ...{ at: step.at.toISOString(), until: step.until?.toISOString() ?? null },
    ...{ deliveries: step.deliveries.length, sentence },
  };
}

function fromKind({ decision, sentence, paused, deliveries, message }: SimulatedKind) {
  return {
    kind: decision.kind,
    decision: decision.decision,
    code: decision.code,
    sentence,
    ...fromBecause(decision),
    detail: detailOf(decision),
    until: decision.because?.until ?? null,
    paused,
    deliveries,
    message: message ?? null,
  };
}
