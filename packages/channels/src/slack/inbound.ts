import { createHmac } from 'node:crypto';
import { asDeliveryId, refused, type Inbound, type InboundEvent, type InboundReading } from '../inbound.ts';
import { parseJson, recordOf, textOf } from '../json-values.ts';
import { isSameText } from '../same-text.ts';
import { settingsReader } from '../settings-reader.ts';
import { acknowledgeAction, linkAction } from './compose.ts';
import { slackSettings } from './schema.ts';

const readSettings = settingsReader(slackSettings);

/** How far a request's time may be from ours. */
const windowSeconds = 300;

/**
 * Interactivity of a Slack app: presses of the buttons under our messages, signed with the app's signing secret
 * ("Verifying requests from Slack", version 0).
 */
export const slackInbound: Inbound = {
  async read({ headers, body }, stored, { now }) {
    const secret = readSettings(stored)?.signing_secret;
    if (secret === undefined) {
      return refused(
        'not_set_up',
        'The channel has no signing_secret, by which requests of Slack are checked',
      );
    }
    const signature = headers['x-slack-signature'];
    const timestamp = headers['x-slack-request-timestamp'];
    if (signature === undefined || timestamp === undefined) {
      return refused('unsigned', 'The headers X-Slack-Signature and X-Slack-Request-Timestamp are needed');
    }
    const expected = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
    if (!isSameText(expected, signature)) {
      return refused(
        'forged',
        'X-Slack-Signature does not fit: compare signing_secret of the channel with the signing secret of the app',
      );
    }
    if (!(Math.abs(now.getTime() / 1_000 - Number(timestamp)) <= windowSeconds)) {
      return refused(
        'stale',
        `X-Slack-Request-Timestamp is more than ${windowSeconds / 60} minutes away from now`,
      );
    }
    return readPayload(body, signature);
  },
  /** Who a direct message was for; in a channel, whoever is let in there. */
  mayPress: (by, address) => !/^[UW]/.test(address) || address === by,
};

function readPayload(body: string, signature: string): InboundReading {
  const payload = recordOf(parseJson(new URLSearchParams(body).get('payload') ?? ''));
  if (textOf(payload['type']) === undefined) {
    return refused('malformed', 'The form has no field payload with an interaction of Slack in it');
  }
  const by = textOf(recordOf(payload['user'])['id']);
  const actions: unknown[] = Array.isArray(payload['actions']) ? payload['actions'] : [];
  const events = by === undefined ? [] : actions.flatMap((action) => pressOf(recordOf(action), by));
  return { outcome: 'read', events, once: signature };
}

function pressOf(action: Readonly<Record<string, unknown>>, by: string): InboundEvent[] {
  const deliveryId = asDeliveryId(textOf(action['value']));
  const name = textOf(action['action_id']) ?? '';
  if (deliveryId === undefined) return [];
  if (name === acknowledgeAction) return [{ type: 'press', deliveryId, verb: 'acknowledge', by }];
  return name.startsWith(linkAction) ? [{ type: 'press', deliveryId, verb: 'read', by }] : [];
}
