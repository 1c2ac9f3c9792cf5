import type { Channel } from '@carillon/client';
import type { AddCommand } from '../catalogue.ts';
import type { Column } from '../terminal/table.ts';
import { findChannel } from './find-channel.ts';

/** `carillon channels` */
export const addChannels: AddCommand = (program, cli) => {
  program
    .command('channels')
    .description('list the channels that are set up')
    .action(async () => {
      const { data } = await (await cli.connect()).channels.list();
      await cli.list(data, columns);
    });
};

/** `carillon test`: ends with 4 when the target does not take it. */
export const addTest: AddCommand = (program, cli) => {
  program
    .command('test')
    .description('send a test message through a channel now, and wait for what its target says')
    .argument('<channel>', 'its name or id, or its kind where there is one of it')
    .option('--to <address>', 'an address in the form of the kind')
    .option('--contact-point <id>', 'or the contact point of somebody')
    .action(async (wanted, { to, contactPoint }) => {
      const carillon = await cli.connect();
      const channel = await findChannel(carillon, wanted);
      const result = await carillon.channels.test(channel.id, {
        ...(to !== undefined && { address: to }),
        ...(contactPoint !== undefined && { contact_point_id: contactPoint }),
      });
      const { outcome, status_code: status, reason } = result;
      const said = [status, reason].filter((part) => part !== null).join(' ');
      cli.show(
        { channel_id: channel.id, ...result },
        outcome === 'sent'
          ? `"${channel.name}" took it${said === '' ? '' : `: ${said}`}`
          : `"${channel.name}" was not asked: this installation is on trial and wrote it down`,
      );
    });
};

const columns: readonly Column<Channel>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'KIND', text: ({ kind }) => kind },
  { title: 'NAME', text: ({ name }) => name, isFlexible: true },
  {
    title: 'STATE',
    text: stateOf,
    tone: (channel) => (stateOf(channel) === 'runs' ? 'good' : 'warning'),
  },
];

function stateOf({ enabled, paused_at: pausedAt, circuit }: Channel): string {
  if (!enabled) return 'off';
  if (pausedAt !== null) return 'paused';
  return circuit.state === 'open' ? 'target does not answer' : 'runs';
}
