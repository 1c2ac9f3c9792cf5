import type { Answer } from '@carillon/client';
import type { AddCommand } from '../catalogue.ts';
import type { Cli } from '../cli.ts';
import { instantOption } from '../options.ts';
import { shownInstant } from '../terminal/instants.ts';
import { plain, plainLines } from '../terminal/plain.ts';
import { toCreate, withContentOptions } from './content-options.ts';

type Simulation = Answer<'createSimulation'>;

/** `carillon simulate`: writes and sends nothing. */
export const addSimulate: AddCommand = (program, cli) => {
  withContentOptions(program.command('simulate'), cli)
    .description('tell what would become of a notification; nothing is sent')
    .argument('[title]', 'one line of plain text')
    .argument('[body]', 'Markdown; - reads it from standard input')
    .option('--at <instant>', 'if it were sent then: 2026-12-06T03:00+01:00, or +2h', instantOption(cli.now))
    .addHelpText(
      'after',
      `
Example:
  carillon simulate --to external:ada "Disk is filling up" --at 2026-12-06T03:00+01:00
`,
    )
    .action(async (title, body, options) => {
      const wish = await toCreate(cli, options, { title, body });
      const { at } = options;
      const carillon = await cli.connect();
      const simulation = await carillon.notifications.simulate({ ...wish, ...(at !== undefined && { at }) });
      cli.show(simulation, renderSimulation(simulation, cli.paint));
    });
};

function renderSimulation(simulation: Simulation, paint: Cli['paint']): string[] {
  const { at, decided_at: decidedAt, paused, delivery_mode: mode, recipients, rejected } = simulation;
  const when =
    at === decidedAt ? shownInstant(at) : `${shownInstant(at)}, decided ${shownInstant(decidedAt)}`;
  return [
    `If it were sent at ${when}:`,
    ...(paused ? [paint('warning', 'The organization or the template is paused: it would wait.')] : []),
    ...(mode === 'live' ? [] : [paint('warning', `This installation is on trial (${mode}).`)]),
    ...recipients.flatMap((recipient) => ['', ...renderRecipient(recipient, paint)]),
    ...rejected.map(({ pointer, detail }) => paint('warning', plain(`Left out ${pointer}: ${detail}`))),
  ];
}

function renderRecipient(recipient: Simulation['recipients'][number], paint: Cli['paint']): string[] {
  const { recipient_id: id, recipient_external_id: externalId, kinds, rules } = recipient;
  return [
    paint('strong', plain(externalId === null ? id : `external:${externalId}`)),
    ...kinds.flatMap(({ sentence, detail, paused, message, decision }) => [
      `  ${plain(sentence)}${paused ? paint('warning', ' It is paused at present.') : ''}`,
      ...(detail === null ? [] : [`    ${plain(detail)}`]),
      ...(message === null || decision === 'suppress'
        ? []
        : [message.title, ...plainLines(message.text.trimEnd())]
            .filter(Boolean)
            .map((line) => paint('dim', `    │ ${plain(line)}`))),
    ]),
    ...(rules === null
      ? []
      : [`  By the ${rules.list} rules:`, ...rules.steps.map(({ sentence }) => `    ${plain(sentence)}`)]),
  ];
}
