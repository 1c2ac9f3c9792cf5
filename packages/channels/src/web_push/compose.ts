import { neutralise } from '@carillon/core';
import type { Message } from '../adapter.ts';
import { fitBytes } from '../fit-bytes.ts';
import { linksOf } from '../message-links.ts';
import { cutText, titleOf } from '../message-text.ts';

/**
 * Push services take bodies of 4,096 bytes (RFC 8030, section 7.2), of which the header with its key (86), the
 * delimiter (1) and the seal (16) take their part (RFC 8188, section 2; RFC 8291, section 4).
 */
export const webPushTextBytesMax = 4_096 - 86 - 1 - 16;

const titleCharsMax = 200;
const labelCharsMax = 64;
/** Browsers show two. */
const actionsMax = 2;

/**
 * What the service worker of a site gets, as JSON text: members are named as `showNotification` takes them. Undefined
 * where nothing of the text would fit; buttons are left out before that.
 */
export function composeWebPush(message: Message, publicUrl: string): string | undefined {
  const { id, category, urgent, url, icon, actions } = message.notification;
  const title = titleOf(message, titleCharsMax);
  const text = neutralise(message.text) || title;
  const [link] = linksOf({ actions: [], url }, publicUrl);
  const [image] = icon === null ? [] : linksOf({ actions: [], url: icon }, publicUrl);
  const buttons = linksOf({ actions, url: null }, publicUrl)
    .slice(0, actionsMax)
    .map(({ label, href }) => ({ title: cutText(neutralise(label) || href, labelCharsMax), url: href }));
  const make = (extras: object) => (body: string) =>
    JSON.stringify({
      ...{ title, body, tag: id, notification_id: id, category, urgent },
      ...(link === undefined ? {} : { url: link.href }),
      ...extras,
    });
  const extras = {
    ...(image === undefined ? {} : { icon: image.href }),
    ...(buttons.length === 0 ? {} : { actions: buttons }),
  };
  return fitBytes(text, webPushTextBytesMax, make(extras)) ?? fitBytes(text, webPushTextBytesMax, make({}));
}
