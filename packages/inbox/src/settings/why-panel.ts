import type { TemplateResult } from 'lit';
import type { Answer, InboxItem } from '@carillon/client';
import type { Panel, PanelKit } from './kit.ts';

type Explanation = Answer<'explainInboxItem'>;

/** Why the user got an item, and by which ways, in the sentences of the API; they are in English. */
export function createWhyPanel(kit: PanelKit, item: InboxItem): Panel {
  const { html, client, words, texts } = kit;
  let explanation: Explanation | undefined;
  let isRefused = false;

  async function load(): Promise<void> {
    try {
      explanation = await client.inbox.explain(item.id);
    } catch {
      isRefused = true;
    }
    kit.changed();
  }

  const viewList = (title: string, sentences: readonly string[]): TemplateResult =>
    html`<h3>${title}</h3>
      <ul class="sentences" lang="en" dir="ltr">
        ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
      </ul>`;

  void load();
  return {
    title: texts.whyTitle,
    render() {
      if (isRefused) return html`<p class="sub-text">${words.text('failed')}</p>`;
      if (explanation === undefined) return html`<p class="sub-text">${words.text('loading')}</p>`;
      const { life, kinds, rules } = explanation;
      const ways = kinds.flatMap(({ sentence, deliveries }) =>
        deliveries.length === 0 ? [sentence] : deliveries.map((delivery) => delivery.sentence),
      );
      const steps = rules === null ? [] : [rules.sentence, ...rules.steps.map((step) => step.sentence)];
      return html`<section class="sub" part="why">
        <p class="sub-title" dir="auto">${item.title}</p>
        ${
          ways.length + steps.length === 0
            ? kit.nothing
            : viewList(texts.whyWays, [...new Set([...ways, ...steps])])
        }
        ${viewList(
          texts.whyLife,
          life.map(({ sentence }) => sentence),
        )}
      </section>`;
    },
  };
}
