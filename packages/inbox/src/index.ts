import { CarillonInbox } from './inbox-element.ts';

export { CarillonInbox } from './inbox-element.ts';
export type { InboxTexts, PluralText } from './model/texts.ts';

declare global {
  interface HTMLElementTagNameMap {
    'carillon-inbox': CarillonInbox;
  }
}

// Two scripts on one page are no reason to break it: the first one stays.
if (customElements.get('carillon-inbox') === undefined)
  customElements.define('carillon-inbox', CarillonInbox);
