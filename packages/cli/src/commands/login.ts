import { hostname } from 'node:os';
import type { AddCommand } from '../catalogue.ts';
import type { Cli } from '../cli.ts';
import { checkUrl } from '../connection/find-connection.ts';
import { removeLogin, saveLogin } from '../connection/saved-login.ts';
import { CommandError, exitCodes, isCallError, UsageError } from '../failure.ts';
import { askSecret, ask, canAsk } from '../terminal/prompt.ts';
import { readAll } from '../terminal/streams.ts';
import { renderFields } from '../terminal/table.ts';

/** `carillon login`: the token is asked for, or piped in, so that it stands in no shell's history. */
export const addLogin: AddCommand = (program, cli) => {
  program
    .command('login [url]')
    .description('keep the URL and a token for later commands')
    .option('--email <address>', 'log in with a password, which is asked for, and make a token by it')
    .option('--organization <slug>', 'which one, where several know that address')
    .addHelpText('after', '\nThe token is asked for, or read from standard input: carillon login URL < file')
    .action(async (given, { email, organization }) => {
      const asked = cli.options();
      const url = checkUrl(await chooseUrl(cli, given ?? asked.url));
      if (isOpenToAll(url)) cli.note(`Careful: everything goes to ${url} unencrypted, tokens too`);
      const token =
        email === undefined
          ? (asked.token ?? (await readSecret(cli, 'Token')))
          : await makeToken(url, { email, organization, password: await readSecret(cli, 'Password') });
      const who = await loadWho({ url, token });
      const file = saveLogin(cli, { url, token });
      cli.show({ url, ...who, file }, `Logged in to ${url} as ${who.name}; kept in ${file}`);
    });
};

/** `carillon logout` */
export const addLogout: AddCommand = (program, cli) => {
  program
    .command('logout')
    .description('forget what `carillon login` kept; the token itself stays valid')
    .action(() => {
      const file = removeLogin(cli);
      cli.show({ file }, `Nothing is kept in ${file} any more`);
    });
};

/** `carillon whoami` */
export const addWhoami: AddCommand = (program, cli) => {
  program
    .command('whoami')
    .description('show which API is called, and as whom')
    .action(async () => {
      const { url, token, source } = cli.connection();
      const who = await loadWho({ url, token });
      const fields = [
        ['API', url],
        ['from', source],
        ['as', who.name],
        ['role', who.role],
        ['user id', who.user_id],
      ] as const;
      cli.show({ url, source, ...who }, renderFields(fields, cli.paint));
    });
};

async function chooseUrl(cli: Cli, given: string | undefined): Promise<string> {
  const known = given ?? cli.environment['CARILLON_URL'];
  if (known !== undefined && known !== '') return known;
  if (!canAsk(cli)) throw new UsageError('Name the URL of the API: carillon login https://…');
  return ask(cli, 'URL of the API: ');
}

async function readSecret(cli: Cli, name: string): Promise<string> {
  const secret = canAsk(cli)
    ? await askSecret(cli, `${name} (not shown): `)
    : (await readAll(cli.stdin)).replace(/\r?\n$/, '');
  if (secret === '') throw new UsageError(`There is no ${name.toLowerCase()}: an empty line was given`);
  return secret;
}

/** Without TLS, and not on this machine. */
function isOpenToAll(url: string): boolean {
  const { protocol, hostname: host } = new URL(url);
  return protocol === 'http:' && !/^(localhost|127\..*|\[::1\])$/.test(host);
}

interface Login {
  email: string;
  password: string;
  organization: string | undefined;
}

/** A token that lasts, in the place of a session that would have to be renewed. The session is over after it. */
async function makeToken(url: string, { email, password, organization }: Login): Promise<string> {
  const { createCarillon } = await import('@carillon/client');
  const { sessions } = createCarillon({ url });
  const session = await sessions.create({
    ...{ email, password },
    ...(organization !== undefined && { organization }),
  });
  try {
    const carillon = createCarillon({ url, token: session.access_token });
    return (await carillon.tokens.create('me', { name: `carillon on ${hostname()}`.slice(0, 100) })).token;
  } finally {
    await sessions.end({ refresh_token: session.refresh_token });
  }
}

interface Who {
  name: string;
  role: string;
  user_id: string | null;
}

/** Who a token belongs to. An operator's belongs to no user, and may look at the health all the same. */
async function loadWho({ url, token }: { url: string; token: string | undefined }): Promise<Who> {
  if (token === undefined) {
    throw new CommandError(
      ...([
        exitCodes.refused,
        'cli.no_token',
        `There is no token for ${url}: \`carillon login ${url}\``,
      ] as const),
    );
  }
  const { createCarillon } = await import('@carillon/client');
  const carillon = createCarillon({ url, token });
  try {
    const user = await carillon.users.get('me');
    const name = user.username ?? user.external_id ?? user.email ?? user.name ?? user.id;
    return { name, role: user.role, user_id: user.id };
  } catch (error) {
    if (!isCallError(error) || error.status !== 403) throw error;
    await carillon.operation.health();
    return { name: 'operator', role: 'operator', user_id: null };
  }
}
