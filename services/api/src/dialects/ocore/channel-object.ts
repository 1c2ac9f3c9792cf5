import { secretFieldsOf } from '@carillon/channels/catalogue';
import { externalKinds, type ExternalKind, type FieldError } from '@carillon/core';
import type { ChannelWish, ShownChannel, WrittenChannel } from '../../actions/channels.ts';
import { isObject, readFields, refusal, refuse } from './body.ts';

/** A channel as it is served; oCore documents no members of it. */
export interface OcoreChannel {
  id: string;
  name: string;
  type: string;
  enabled: boolean;
  config: Record<string, unknown>;
  createdAt: string;
  updatedAt: string;
}

/** Stands for what is not shown; in the place of a long secret with its last four characters. */
const mask = '********';
const masked = /^\*{8}.{0,4}$/s;
const nameBounds = { charsMin: 1, charsMax: 100 };

/** Who may not change channels sees of addresses their host only: whoever has such an address whole can often post to it. */
export function toChannel(channel: ShownChannel, mayChange: boolean): OcoreChannel {
  const isSecret = new Set(secretFieldsOf(channel.kind));
  const config = Object.entries(channel.settings).map(([name, value]) => {
    if (isSecret.has(name)) return [name, maskOf(value)];
    return [name, mayChange ? value : withoutPath(value)];
  });
  return {
    ...{ id: channel.id, name: channel.name, type: channel.kind, enabled: channel.enabled },
    config: Object.fromEntries(config),
    createdAt: channel.created_at.toISOString(),
    updatedAt: channel.updated_at.toISOString(),
  };
}

/** With `generated`, the secret that Carillon made because none was sent: this answer alone tells it. */
export function toWritten({ channel, generated }: WrittenChannel) {
  return { ...toChannel(channel, true), ...(generated !== undefined && { generated }) };
}

/** Reads what makes a channel; throws MalformedError with all that is wrong. */
export function readNew(body: unknown): ChannelWish & { kind: ExternalKind; name: string } {
  const errors: FieldError[] = [];
  const fields = readFields(body, '', errors);
  const isWhole = isObject(body);
  const name = fields.text('name', nameBounds);
  const kind = isWhole ? readKind(body['type'], errors) : undefined;
  if (isWhole && body['name'] === undefined) errors.push({ pointer: '/name', detail: 'is required' });
  const enabled = fields.flag('enabled');
  const settings = fields.object('config') ?? {};
  const masks = kind === undefined ? [] : maskedNames(kind, settings);
  const detail = 'is a mask, and there is no secret yet that it could stand for; send the secret';
  errors.push(...masks.map((one) => ({ pointer: `/config/${one}`, detail })));
  if (kind === undefined || name === undefined || errors.length > 0) throw refusal(errors);
  return { kind, name, enabled, settings };
}

/**
 * Reads what changes a channel: what is not named stays, a config member that is null is removed, a masked secret is
 * kept. Throws MalformedError for what is wrong, and for another id or type.
 */
export function readChange(body: unknown, { id, kind }: Pick<ShownChannel, 'id' | 'kind'>): ChannelWish {
  const errors: FieldError[] = [];
  const fields = readFields(body, '', errors);
  const name = fields.text('name', nameBounds);
  const enabled = fields.flag('enabled');
  const config = fields.object('config');
  if (isObject(body)) errors.push(...refuseFixed(body, 'id', id), ...refuseFixed(body, 'type', kind));
  if (errors.length === 0 && name === undefined && enabled === undefined && config === undefined) {
    errors.push({ pointer: '', detail: 'must have `name`, `enabled` or `config`: what is to change' });
  }
  refuse(errors);
  return {
    ...(name !== undefined && { name }),
    ...(enabled !== undefined && { enabled }),
    ...(config !== undefined && { settings: withoutMasks(kind, config) }),
  };
}

function readKind(type: unknown, errors: FieldError[]): ExternalKind | undefined {
  const kind = externalKinds.find((one) => one === type);
  if (kind === undefined)
    errors.push({ pointer: '/type', detail: `must be one of ${externalKinds.join(', ')}` });
  return kind;
}

function refuseFixed(body: Readonly<Record<string, unknown>>, name: string, now: string): FieldError[] {
  const wanted = body[name];
  if (wanted === undefined || wanted === now) return [];
  return [{ pointer: `/${name}`, detail: `cannot be changed: it is ${now}; make another channel` }];
}

function maskedNames(kind: ExternalKind, settings: Readonly<Record<string, unknown>>): string[] {
  return secretFieldsOf(kind).filter((name) => {
    const value = settings[name];
    return typeof value === 'string' && masked.test(value);
  });
}

function withoutMasks(kind: ExternalKind, config: Readonly<Record<string, unknown>>) {
  const kept = new Set(maskedNames(kind, config));
  return Object.fromEntries(Object.entries(config).filter(([name]) => !kept.has(name)));
}

/** Of a secret the actions tell `{set, last4}`. */
function maskOf(secret: unknown): string {
  return isObject(secret) && typeof secret['last4'] === 'string' ? `${mask}${secret['last4']}` : mask;
}

function withoutPath(value: unknown): unknown {
  if (typeof value !== 'string' || !/^https?:/i.test(value)) return value;
  return URL.canParse(value) ? `${new URL(value).origin}/${mask}` : mask;
}
