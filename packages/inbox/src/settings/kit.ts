import type { html, nothing, TemplateResult } from 'lit';
import type { InboxClient } from '@carillon/client';
import type { SettingsTexts } from '../model/texts.ts';
import type { Words } from '../model/words.ts';

/**
 * What the panels that are loaded later are given by the element, instead of importing it: so that they are a small
 * file of their own, and there is one Lit on a page.
 */
export interface PanelKit {
  html: typeof html;
  nothing: typeof nothing;
  client: InboxClient;
  words: Words;
  /** What panels say, in the language of the words. */
  texts: SettingsTexts;
  /** The panel looks different now. */
  changed(): void;
  /** Something was done, or was not: a line at the bottom, which is also read out. */
  say(text: string): void;
}

/** The kit as the element gives it. */
export type GivenKit = Omit<PanelKit, 'texts'>;

/** What takes the place of the list for a while. */
export interface Panel {
  title: string;
  render(): TemplateResult;
}
