import { neutralise } from '@carillon/core';
import type { Message } from '../adapter.ts';
import { linksOf, type MessageLink } from '../message-links.ts';
import { cutText, titleOf } from '../message-text.ts';

/** What "Publish as JSON" of ntfy takes of a message. */
export interface NtfyText {
  title: string;
  message: string;
  priority: 3 | 5;
  click?: string;
  actions?: { action: 'view'; label: string; url: string }[];
}

/** A longer message becomes an attachment ("Limitations"). */
const messageBytesMax = 4_096;
const titleCharsMax = 250;
const labelCharsMax = 64;
/** "Action buttons": up to three. */
const actionsMax = 3;

/** Title and text as they are: nothing in them is a mark, because Markdown is not asked for. */
export function composeNtfy(message: Message, publicUrl: string): NtfyText {
  const { urgent, actions, url } = message.notification;
  const [click] = linksOf({ actions: [], url }, publicUrl);
  const buttons = linksOf({ actions, url: null }, publicUrl).slice(0, actionsMax).map(toButton);
  const title = titleOf(message, titleCharsMax);
  return {
    ...{ title, message: cutBytes(neutralise(message.text), messageBytesMax) || title },
    priority: urgent ? 5 : 3,
    ...(click === undefined ? {} : { click: click.href }),
    ...(buttons.length === 0 ? {} : { actions: buttons }),
  };
}

function toButton({ label, href }: MessageLink): { action: 'view'; label: string; url: string } {
  return { action: 'view', label: cutText(neutralise(label) || href, labelCharsMax), url: href };
}

/** As `cutText`, by bytes of UTF-8, of which a UTF-16 unit takes three at most. */
function cutBytes(text: string, bytesMax: number): string {
  let units = bytesMax;
  let cut = cutText(text, units);
  while (Buffer.byteLength(cut) > bytesMax) {
    units -= Math.ceil((Buffer.byteLength(cut) - bytesMax) / 3);
    cut = cutText(text, units);
  }
  return cut;
}
