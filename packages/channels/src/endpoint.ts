import type { ChannelRate, ExternalKind } from '@carillon/core';
import { catalogue } from './catalogue.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Settings that say where a channel sends to, as far as they are no secret. */
const urlSettings = ['base_url', 'url'];

/**
 * Whom a channel reaches, to tell the slow from the others: the host and port of its target or of its vendor's API;
 * the channel itself where that is a secret. Undefined for a kind whose messages leave no worker.
 */
export function endpointOf(
  kind: ExternalKind,
  { id, settings }: { id: string; settings: Settings },
): string | undefined {
  const { staysInside, settings: schema } = catalogue[kind];
  if (staysInside === true) return undefined;
  const given = urlSettings.map((name) => settings[name]).find((value) => typeof value === 'string');
  return hostOf(given ?? usualUrl(schema)) ?? id;
}

/** How much may be sent through a channel: what it is set to, else what its kind's vendor takes. */
export function rateOf(
  kind: ExternalKind,
  { rate, settings }: { rate: ChannelRate | null; settings: Settings },
): ChannelRate | undefined {
  return rate ?? catalogue[kind].rate?.(settings);
}

/** The vendor's own address, which stands in the schema as what is usual. */
function usualUrl(schema: object): unknown {
  const properties: unknown = 'properties' in schema ? schema.properties : undefined;
  const setting = isRecord(properties) ? properties['base_url'] : undefined;
  return isRecord(setting) ? setting['default'] : undefined;
}

function hostOf(url: unknown): string | undefined {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).host : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
