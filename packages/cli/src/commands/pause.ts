import type { Carillon, Paused } from '@carillon/client';
import { Argument } from '@commander-js/extra-typings';
import type { AddCommand } from '../catalogue.ts';
import type { Cli } from '../cli.ts';
import { UsageError } from '../failure.ts';
import { shownInstant } from '../terminal/instants.ts';
import { findChannel } from './find-channel.ts';

const things = ['kind', 'channel', 'template'] as const;
type Thing = (typeof things)[number];

const whatArgument = new Argument('[what]', 'of which sort it is; the organization without it').choices(
  things,
);

const examples = (verb: string): string => `
Examples:
  carillon ${verb}                       the organization
  carillon ${verb} kind email            a channel kind
  carillon ${verb} channel "Ops room"    a channel, by its name or id
  carillon ${verb} template build-failed a template
`;

/** `carillon pause` */
export const addPause: AddCommand = (program, cli) => {
  program
    .command('pause')
    .description('hold everything back, or a channel kind, a channel, a template; nothing is lost')
    .addArgument(whatArgument)
    .argument('[name]', 'which')
    .addHelpText('after', examples('pause'))
    .action((what, name) => setPause(cli, what, name, true));
};

/** `carillon resume` */
export const addResume: AddCommand = (program, cli) => {
  program
    .command('resume')
    .description('let it flow again: what waited is due at once')
    .addArgument(whatArgument)
    .argument('[name]', 'which')
    .addHelpText('after', examples('resume'))
    .action((what, name) => setPause(cli, what, name, false));
};

/** `carillon paused` */
export const addPaused: AddCommand = (program, cli) => {
  program
    .command('paused')
    .description('show what is paused')
    .action(async () => {
      const carillon = await cli.connect();
      const organization = await carillon.paused.get();
      const channels = (await carillon.channels.list()).data.filter(({ paused_at: at }) => at !== null);
      const templates = [];
      for await (const template of carillon.templates.list({ limit: 200 })) {
        if (template.paused_at !== null) templates.push(template);
      }
      const document = {
        ...{ organization: organization.paused, since: organization.paused_at, kinds: organization.channels },
        channels: channels.map(({ id, kind, name, paused_at: since }) => ({ id, kind, name, since })),
        templates: templates.map(({ key, name, paused_at: since }) => ({ key, name, since })),
      };
      const lines = [
        ...(organization.paused ? [`The organization, since ${shownInstant(organization.paused_at)}`] : []),
        ...document.kinds.map((kind) => `The kind ${kind}`),
        ...document.channels.map(({ name, since }) => `The channel "${name}", since ${shownInstant(since)}`),
        ...document.templates.map(({ key, since }) => `The template ${key}, since ${shownInstant(since)}`),
      ];
      cli.show(document, lines.length === 0 ? 'Nothing is paused' : lines);
    });
};

async function setPause(
  cli: Cli,
  what: Thing | undefined,
  name: string | undefined,
  isPaused: boolean,
): Promise<void> {
  const thing = checkThing(what, name);
  const carillon = await cli.connect();
  const done = isPaused ? 'is paused' : 'runs';
  if (thing === undefined) {
    const paused = await carillon.paused.set({ paused: isPaused });
    return cli.show(paused, `The organization ${done}`);
  }
  return pauseOne(cli, carillon, { ...thing, isPaused, done });
}

function checkThing(
  thing: Thing | undefined,
  name: string | undefined,
): { thing: Thing; name: string } | undefined {
  if (thing === undefined) return undefined;
  if (name === undefined) throw new UsageError(`Which ${thing}? carillon pause ${thing} NAME`);
  return { thing, name };
}

async function pauseOne(
  cli: Cli,
  carillon: Carillon,
  { thing, name, isPaused, done }: { thing: Thing; name: string; isPaused: boolean; done: string },
): Promise<void> {
  switch (thing) {
    case 'kind': {
      const { channels } = await carillon.paused.get();
      const others = channels.filter((kind) => kind !== name);
      // What is no kind is refused by the API, which knows them.
      const wanted = (isPaused ? [...others, name] : others) as Paused['channels'];
      const paused = await carillon.paused.set({ channels: wanted as never });
      return cli.show(paused, `The kind ${name} ${done}`);
    }
    case 'channel': {
      const { id } = await findChannel(carillon, name);
      const channel = await (isPaused ? carillon.channels.pause(id) : carillon.channels.resume(id));
      return cli.show(channel, `The channel "${channel.name}" ${done}`);
    }
    case 'template': {
      const template = await (isPaused ? carillon.templates.pause(name) : carillon.templates.resume(name));
      return cli.show(template, `The template ${template.key} ${done}`);
    }
    default:
      return thing satisfies never;
  }
}
