import type { ExternalKind } from '@carillon/core';
import type { InboundReading, InboundRequest } from '../src/inbound.ts';
import { inbounds } from '../src/inbound-registry.ts';

export const inboundDeliveryId = '01890a5d-ac96-774b-bcce-b302099a8057';
/** Where a vendor calls back about that delivery. */
export const inboundUrl = `https://carillon.example.org/v1/inbound/01890a5d-ac96-774b-bcce-b302099a8020?delivery=${inboundDeliveryId}`;
export const inboundNow = new Date('2026-03-01T08:00:00Z');

/** What a kind makes of a request; without texts, it may ask nobody for anything. */
export async function readInbound(
  kind: ExternalKind,
  settings: Record<string, unknown>,
  request: Partial<InboundRequest>,
  { now = inboundNow, fetchText = askNobody }: { now?: Date; fetchText?: typeof askNobody } = {},
): Promise<InboundReading> {
  const inbound = inbounds[kind];
  if (inbound === undefined) throw new Error(`${kind} has no callbacks`);
  return inbound.read({ url: inboundUrl, headers: {}, body: '', ...request }, settings, { now, fetchText });
}

/** The events, or why there are none. */
export function eventsOf(reading: InboundReading) {
  return reading.outcome === 'refused' ? reading.why : reading.events;
}

function askNobody(_url: string): Promise<string | undefined> {
  return Promise.reject(new Error('nothing is asked of anybody'));
}
