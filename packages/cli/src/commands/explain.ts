import type { Answer, Carillon } from '@carillon/client';
import type { AddCommand } from '../catalogue.ts';
import type { Cli } from '../cli.ts';
import { isCallError } from '../failure.ts';
import { plain } from '../terminal/plain.ts';

type Explanation = Answer<'explainNotification'> | Answer<'explainInboxItem'>;

/** `carillon explain`: in the sentences of the API. */
export const addExplain: AddCommand = (program, cli) => {
  program
    .command('explain')
    .description('tell what became of a notification, and why')
    .argument('<id>', 'of the notification')
    .addHelpText('after', '\nRecipients may ask about what is in their own inbox.')
    .action(async (id) => {
      const explanation = await loadExplanation(await cli.connect(), id);
      cli.show(explanation, renderExplanation(explanation, cli.paint));
    });
};

/** As those who send are told; recipients are told what concerns them. */
async function loadExplanation(carillon: Carillon, id: string): Promise<Explanation> {
  try {
    return await carillon.notifications.explain(id);
  } catch (error) {
    if (!isCallError(error) || error.status !== 403) throw error;
    return carillon.inbox.explain(id);
  }
}

function renderExplanation(explanation: Explanation, paint: Cli['paint']): string[] {
  const { life, kinds, rules } = explanation;
  const waits = 'waits_for' in explanation ? explanation.waits_for : [];
  return [
    ...life.map(({ sentence }) => plain(sentence)),
    ...waits.map(({ sentence }) => paint('warning', plain(sentence))),
    ...kinds.flatMap((kind) => ['', ...renderKind(kind, paint)]),
    ...(rules === null
      ? []
      : [
          '',
          paint('strong', plain(rules.sentence)),
          ...rules.steps.map(({ sequence, sentence }) => `  ${sequence}. ${plain(sentence)}`),
        ]),
  ];
}

function renderKind(kind: Explanation['kinds'][number], paint: Cli['paint']): string[] {
  const detail = 'detail' in kind ? kind.detail : null;
  const lines = [paint('strong', plain(kind.sentence))];
  if (detail !== null) lines.push(`  ${plain(detail)}`);
  for (const delivery of kind.deliveries) {
    // A decision and its only delivery often say the same.
    if (delivery.sentence !== kind.sentence) lines.push(`  ${plain(delivery.sentence)}`);
    if (!('attempts' in delivery)) continue;
    for (const { number, sentence } of delivery.attempts) {
      lines.push(paint('dim', `    ${number}. ${plain(sentence)}`));
    }
  }
  return lines;
}
