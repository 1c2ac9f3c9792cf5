import type { Command } from '@commander-js/extra-typings';
import type { Body } from '@carillon/client';
import type { Cli } from '../cli.ts';
import { UsageError } from '../failure.ts';
import { gather, gatherRecipients, instantOption, jsonObject } from '../options.ts';
import { readAll } from '../terminal/streams.ts';

type Create = Body<'createNotification'>;

/** The options of commands that say whom to tell what: `send` and `simulate`. */
export function withContentOptions(command: Command, cli: Pick<Cli, 'now'>) {
  const instant = instantOption(cli.now);
  return command
    .option(
      '--to <recipient>',
      'whom: a user id, external:<id>, an e-mail address; several times',
      gatherRecipients,
    )
    .option('--template <key>', 'in the words of a template, instead of a title')
    .option('--data <json>', 'data for the template, or your own: JSON, or @file', jsonObject)
    .option('--category <name>', 'what users can switch off')
    .option('--channels <kinds>', 'only these channel kinds', gather)
    .option('--link <url>', 'where a click leads')
    .option('--icon <url>', 'a picture')
    .option('--urgent', 'pass quiet hours')
    .option('--send-at <instant>', 'not before: 2026-12-01T08:00:00Z, or +2h', instant)
    .option('--expires-at <instant>', 'not after, and out of the inbox then', instant);
}

/** What those options gave. */
export interface ContentOptions {
  to?: string[] | undefined;
  template?: string | undefined;
  data?: Record<string, unknown> | undefined;
  category?: string | undefined;
  channels?: string[] | undefined;
  link?: string | undefined;
  icon?: string | undefined;
  urgent?: true | undefined;
  sendAt?: string | undefined;
  expiresAt?: string | undefined;
}

/** The body of a create call. Throws a UsageError for neither or both of a title and a template. */
export async function toCreate(
  cli: Pick<Cli, 'stdin'>,
  options: ContentOptions,
  { title, body }: { title: string | undefined; body: string | undefined },
): Promise<Create> {
  const { to, template } = options;
  if (to === undefined) throw new UsageError('Whom to tell? --to external:ada');
  if ((title === undefined) === (template === undefined)) {
    throw new UsageError('Say it in a title, or by --template: one of the two');
  }
  const text = body === '-' ? (await readAll(cli.stdin)).trimEnd() : body;
  return {
    to,
    ...(title !== undefined && { title }),
    ...(text !== undefined && { body: text }),
    ...(template !== undefined && { template }),
    ...toFields(options),
  };
}

function toFields(options: ContentOptions): Partial<Create> {
  const { data, category, channels, link, icon, urgent, sendAt, expiresAt } = options;
  return {
    ...(data !== undefined && { data }),
    ...(category !== undefined && { category }),
    // What is no kind is refused by the API, which knows them.
    ...(channels !== undefined && { channels: channels as NonNullable<Create['channels']> }),
    ...(link !== undefined && { url: link }),
    ...(icon !== undefined && { icon }),
    ...(urgent !== undefined && { urgent }),
    ...(sendAt !== undefined && { send_at: sendAt }),
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
  };
}
