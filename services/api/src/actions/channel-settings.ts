import { fillSettings, secretFieldsOf, validateSettings } from '@carillon/channels/catalogue';
import { InvalidError, type ChannelId, type ExternalKind, type OrganizationId } from '@carillon/core';
import type { ChannelRecord } from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import { sealedPlaceOf } from '../sealed-channels.ts';

type Settings = Readonly<Record<string, unknown>>;
type SettingsDeps = Pick<ApiDeps, 'sealer' | 'config' | 'randomBytes'>;

/** Settings as they are stored, and what Carillon made for them. */
export interface StoredSettings {
  /** Without secrets. */
  settings: Record<string, unknown>;
  /** Sealed; null when there are none. */
  secrets: string | null;
  /** Secrets that were made now, in clear: the only moment when they can be told. */
  generated: { secret?: string } | undefined;
}

/**
 * Fills in what Carillon makes itself, checks the whole against its kind, and seals the secrets.
 * Throws InvalidError with the place of each wrong setting.
 */
export function toStored(
  deps: SettingsDeps,
  channel: { id: ChannelId; organizationId: OrganizationId; kind: ExternalKind },
  given: Settings,
): StoredSettings {
  const { kind } = channel;
  const filled = fillSettings(kind, given, deps.randomBytes);
  const errors = validateSettings(kind, filled, { egressAllow: deps.config.egressAllow });
  const [first] = errors;
  if (first !== undefined) {
    const detail = `settings${first.pointer}: ${first.detail}`;
    throw new InvalidError('channel.settings_invalid', `The settings are refused: ${detail}`, {
      errors: errors.map((error) => ({ pointer: `/settings${error.pointer}`, detail: error.detail })),
    });
  }
  const isSecret = new Set(secretFieldsOf(kind));
  const entries = Object.entries(filled);
  const secrets = entries.filter(([name]) => isSecret.has(name));
  const place = sealedPlaceOf({ id: channel.id, organization_id: channel.organizationId });
  const made = given['secret'] === undefined ? filled['secret'] : undefined;
  return {
    settings: Object.fromEntries(entries.filter(([name]) => !isSecret.has(name))),
    secrets:
      secrets.length === 0 ? null : deps.sealer.seal(JSON.stringify(Object.fromEntries(secrets)), place),
    generated: typeof made === 'string' ? { secret: made } : undefined,
  };
}

/** What a change leaves: what it does not name stays, null removes. */
export function mergeSettings(
  deps: Pick<ApiDeps, 'sealer'>,
  before: ChannelRecord,
  change: Settings,
): Settings {
  const merged = { ...before.settings, ...openSecrets(deps, before), ...change };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** In the place of a secret an answer says only that it is set, and the end of a long one. */
export function showSettings(deps: Pick<ApiDeps, 'sealer'>, channel: ChannelRecord): Record<string, unknown> {
  const hidden = Object.entries(openSecrets(deps, channel)).map(([name, secret]) => [
    name,
    { set: true, last4: lastOf(secret) },
  ]);
  return { ...channel.settings, ...Object.fromEntries(hidden) };
}

/** Of a secret shorter than this, four characters would tell too much. */
const shownFromLength = 20;

function lastOf(secret: unknown): string {
  return typeof secret === 'string' && secret.length >= shownFromLength ? secret.slice(-4) : '';
}

/** The settings of a channel with its secrets, in clear: for what checks by them, never to be shown. */
export function openSettings(
  deps: Pick<ApiDeps, 'sealer'>,
  { id, organizationId, settings, secrets }: OpenableChannel,
): Settings {
  return { ...settings, ...openSecrets(deps, { id, organization_id: organizationId, secrets }) };
}

interface OpenableChannel {
  id: ChannelId;
  organizationId: OrganizationId;
  settings: Settings;
  secrets: string | null;
}

function openSecrets(
  { sealer }: Pick<ApiDeps, 'sealer'>,
  channel: Pick<ChannelRecord, 'id' | 'organization_id' | 'secrets'>,
): Settings {
  if (channel.secrets === null) return {};
  const opened: unknown = JSON.parse(sealer.open(channel.secrets, sealedPlaceOf(channel)));
  return typeof opened === 'object' && opened !== null ? { ...opened } : {};
}
