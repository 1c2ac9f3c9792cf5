import { neutralise } from '@carillon/core';
import type { Message } from '../adapter.ts';
import { linksOf } from '../message-links.ts';
import { cutText, titleOf } from '../message-text.ts';

/** What `POST /message` of Gotify takes of a message. */
export interface GotifyText {
  title: string;
  message: string;
  priority: 5 | 8;
  extras: {
    'client::display': { contentType: 'text/plain' };
    'client::notification'?: { click: { url: string } };
  };
}

/** Gotify names no limits; these keep a message readable on a telephone. */
const titleCharsMax = 250;
const textCharsMax = 4_000;
const linksMax = 10;
const urlCharsMax = 1_024;

/** Title and text as they are, a line for each action; said to be plain, so that clients read no Markdown in them. */
export function composeGotify(message: Message, publicUrl: string): GotifyText {
  const { urgent, actions, url } = message.notification;
  const [click] = linksOf({ actions: [], url }, publicUrl);
  const lines = linksOf({ actions, url: null }, publicUrl)
    .filter(({ href }) => href.length <= urlCharsMax)
    .slice(0, linksMax)
    .map(({ label, href }) => `${neutralise(label)}: ${href}`);
  const title = titleOf(message, titleCharsMax);
  const parts = [cutText(neutralise(message.text), textCharsMax), lines.join('\n')];
  return {
    title,
    message: parts.filter((part) => part !== '').join('\n\n') || title,
    // From 8 on, Gotify's app interrupts ("Message priority"); 5 rings.
    priority: urgent ? 8 : 5,
    extras: {
      'client::display': { contentType: 'text/plain' },
      ...(click === undefined ? {} : { 'client::notification': { click: { url: click.href } } }),
    },
  };
}
