import type { AccessToken, Body } from '@carillon/client';
import type { AddCommand } from '../catalogue.ts';
import { durationSeconds, gather } from '../options.ts';
import { shownInstant } from '../terminal/instants.ts';
import type { Column } from '../terminal/table.ts';

/** `carillon tokens` */
export const addTokens: AddCommand = (program, cli) => {
  const tokens = program.command('tokens').description('make, list and revoke the tokens of a user');

  tokens
    .command('list', { isDefault: true })
    .description('list the tokens of a user; never the tokens themselves')
    .argument('[user]', 'a user id, external:<id>, or me', 'me')
    .action(async (user) => {
      const { data } = await (await cli.connect()).tokens.list(user);
      await cli.list(data, columns);
    });

  tokens
    .command('create')
    .description('make a token and print it, once')
    .argument('[user]', 'a user id, external:<id>, or me', 'me')
    .option('--name <name>', 'what it is for')
    .option('--expires-in <duration>', 'how long it works: 90s, 30m, 12h, 30d', durationSeconds)
    .option('--scopes <names>', 'what it is limited to: inbox, preferences, send, admin', gather)
    .action(async (user, { name, expiresIn, scopes }) => {
      const carillon = await cli.connect();
      const token = await carillon.tokens.create(user, {
        ...(name !== undefined && { name }),
        ...(expiresIn !== undefined && { expires_in: expiresIn }),
        // What is no scope is refused by the API, which knows them.
        ...(scopes !== undefined && { scopes: scopes as NonNullable<Body<'createToken'>['scopes']> }),
      });
      cli.show(token, token.token);
      const until =
        token.expires_at === null ? 'until it is revoked' : `until ${shownInstant(token.expires_at)}`;
      cli.note(`It works ${until}, and is shown only here. Its id is ${token.id}.`);
    });

  tokens
    .command('revoke')
    .description('end a token: it is refused everywhere within 5 seconds')
    .argument('<user>', 'a user id, external:<id>, or me')
    .argument('<id>', 'of the token')
    .action(async (user, id) => {
      await (await cli.connect()).tokens.revoke(user, id);
      cli.show({ id, revoked: true }, `Revoked ${id}`);
    });
};

const columns: readonly Column<AccessToken>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'NAME', text: ({ name }) => name, isFlexible: true },
  { title: 'SCOPES', text: ({ scopes }) => (scopes.length === 0 ? 'all' : scopes.join(' ')) },
  { title: 'MADE', text: ({ created_at: at }) => shownInstant(at) },
  { title: 'LAST USED', text: ({ last_used_at: at }) => shownInstant(at) },
  {
    title: 'STATE',
    text: ({ revoked_at: revoked, expires_at: expires }) => {
      if (revoked !== null) return 'revoked';
      return expires === null ? 'works' : `until ${shownInstant(expires)}`;
    },
  },
];
