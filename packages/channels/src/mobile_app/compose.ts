import { neutralise } from '@carillon/core';
import type { Message } from '../adapter.ts';
import { fitBytes } from '../fit-bytes.ts';
import { linksOf } from '../message-links.ts';
import { titleOf } from '../message-text.ts';

/** What a message to a device is made with, besides its text. */
export interface PushOptions {
  /** For links without a host. */
  publicUrl: string;
  /** Whether the device is asked to break its silence. */
  critical: boolean;
  ttlSeconds: number;
  now: Date;
}

/** Of the payload ("Generating a remote notification"). */
export const apnsBytesMax = 4_096;
/** Of what FCM passes on to a device ("About FCM messages"); here of the whole message, so that nothing is counted too low. */
export const fcmBytesMax = 4_096;
const titleCharsMax = 200;

/** The payload for APNs; undefined where nothing of the text would fit. */
export function composeApns(message: Message, options: Pick<PushOptions, 'publicUrl' | 'critical'>) {
  const { title, text } = textsOf(message);
  const data = dataOf(message, options.publicUrl);
  return fitBytes(text, apnsBytesMax, (body) =>
    JSON.stringify({ aps: { alert: { title, body }, ...apsOf(message, options.critical) }, ...data }),
  );
}

/** Headers of APNs that say how a message is treated ("Sending notification requests to APNs"). */
export function apnsHeaders(message: Message, { ttlSeconds, now }: Pick<PushOptions, 'ttlSeconds' | 'now'>) {
  // Of 0 APNs tries once and keeps nothing.
  const expires = ttlSeconds === 0 ? 0 : Math.floor(now.getTime() / 1_000) + ttlSeconds;
  return {
    'apns-push-type': 'alert',
    'apns-priority': '10',
    'apns-expiration': String(expires),
    // A later message about the same takes the place of the first, on the device too.
    'apns-collapse-id': message.notification.id,
  };
}

/** A message as `messages:send` of FCM's HTTP v1 API takes it; undefined where nothing of the text would fit. */
export function composeFcm(
  message: Message,
  token: string,
  options: PushOptions & { androidChannel: string | undefined },
): string | undefined {
  const { title, text } = textsOf(message);
  const data = dataOf(message, options.publicUrl);
  const android = androidOf(message, options);
  // For devices of Apple that a Firebase library has registered.
  const apns = {
    headers: apnsHeaders(message, options),
    payload: { aps: apsOf(message, options.critical) },
  };
  return fitBytes(text, fcmBytesMax, (body) =>
    JSON.stringify({ message: { token, notification: { title, body }, data, android, apns } }),
  );
}

function textsOf(message: Message): { title: string; text: string } {
  const title = titleOf(message, titleCharsMax);
  return { title, text: neutralise(message.text) || title };
}

/** What the app gets beside the texts; FCM takes texts only. */
function dataOf({ notification }: Message, publicUrl: string): Record<string, string> {
  const { id, category, urgent, url } = notification;
  const [link] = linksOf({ actions: [], url }, publicUrl);
  return {
    ...{ notification_id: id, category, urgent: String(urgent) },
    ...(link === undefined ? {} : { url: link.href }),
  };
}

function apsOf({ notification }: Message, critical: boolean) {
  const level = notification.urgent ? 'time-sensitive' : 'active';
  return {
    sound: critical ? { critical: 1, name: 'default', volume: 1 } : 'default',
    'interruption-level': critical ? 'critical' : level,
    'thread-id': notification.category,
  };
}

/**
 * No `collapse_key`: of those a device may have four at a time, and the messages of others are dropped. The tag puts
 * a message in the place of the one before only where both are shown.
 */
function androidOf(
  { notification }: Message,
  { critical, ttlSeconds, androidChannel }: PushOptions & { androidChannel: string | undefined },
) {
  const loud = notification.urgent ? 'PRIORITY_HIGH' : 'PRIORITY_DEFAULT';
  return {
    priority: critical || notification.urgent ? 'HIGH' : 'NORMAL',
    ttl: `${ttlSeconds}s`,
    notification: {
      tag: notification.id,
      notification_priority: critical ? 'PRIORITY_MAX' : loud,
      ...(androidChannel === undefined ? {} : { channel_id: androidChannel }),
    },
  };
}
