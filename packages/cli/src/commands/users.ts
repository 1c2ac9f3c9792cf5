import type { Command } from '@commander-js/extra-typings';
import type { Answer, Carillon, User, UserWrite } from '@carillon/client';
import type { AddCommand } from '../catalogue.ts';
import type { Cli } from '../cli.ts';
import { instantOption, pageSize, positiveInteger, takeRows } from '../options.ts';
import { confirm } from '../terminal/prompt.ts';
import { renderFields, renderTable, type Column } from '../terminal/table.ts';
import { importUsers } from './import-users.ts';

/** `carillon users` */
export const addUsers: AddCommand = (program, cli) => {
  const users = program.command('users').description('list, show, write and import users');

  users
    .command('list', { isDefault: true })
    .description('list users, in the order of their last change')
    .option('--email <address>', 'only who has this address')
    .option('--external-id <id>', 'only who has this id in your system')
    .option('--updated-after <instant>', 'only who changed after it', instantOption(cli.now))
    .option('--limit <n>', 'how many', positiveInteger, 50)
    .option('--all', 'all of them')
    .action(async ({ email, externalId, updatedAfter, ...limits }) => {
      const carillon = await cli.connect();
      const rows = carillon.users.list({
        limit: pageSize(limits),
        ...(email !== undefined && { email }),
        ...(externalId !== undefined && { external_id: externalId }),
        ...(updatedAfter !== undefined && { updated_after: updatedAfter }),
      });
      await cli.list(
        takeRows(rows, limits, () => cli.note('There are more: --limit or --all')),
        columns,
      );
    });

  users
    .command('show')
    .description('show a user with addresses, quiet hours and what is wanted')
    .argument('[user]', 'a user id, external:<id>, or me', 'me')
    .action(async (user) => {
      const whole = await loadWhole(await cli.connect(), user);
      cli.show(whole, renderWhole(whole, cli));
    });

  withUserOptions(users.command('set'))
    .description('make a user, or change the one with the same external id')
    .argument('<external-id>', 'id in your own system')
    .action(async (externalId, options) => {
      const carillon = await cli.connect();
      const user = await carillon.users.create({ external_id: externalId, ...toWrite(options) });
      cli.show(user, renderFields(fieldsOf(user), cli.paint));
    });

  users
    .command('delete')
    .description('delete a user with everything that the user was told')
    .argument('<user>', 'a user id, or external:<id>')
    .option('-y, --yes', 'do not ask')
    .action(async (user, { yes }) => {
      if (yes !== true && !(await confirm(cli, `Delete ${user} for good?`))) {
        return cli.note('Nobody was deleted');
      }
      await (await cli.connect()).users.delete(user);
      return cli.show({ user, deleted: true }, `Deleted ${user}`);
    });

  users
    .command('import')
    .description('make or change many users, by external id: a repeat changes nothing')
    .argument('<file>', 'a JSON object on each line, or one JSON array; - reads standard input')
    .action((file) => importUsers(cli, file));
};

function withUserOptions(command: Command) {
  return command
    .option('--email <address>', 'also becomes a contact point')
    .option('--name <name>', 'name to show')
    .option('--username <name>', 'unique in the organization')
    .option('--zone <zone>', 'time zone, for example Europe/Berlin')
    .option('--locale <locale>', 'language, for example de')
    .option('--role <role>', 'admin, member or system');
}

function toWrite(options: ReturnType<ReturnType<typeof withUserOptions>['opts']>): Partial<UserWrite> {
  const { role, ...others } = options;
  // What is no role is refused by the API, which knows them.
  return { ...others, ...(role !== undefined && { role: role as User['role'] }) };
}

type Whole = User & {
  contact_points: Answer<'listContactPoints'>['data'];
  quiet_hours: Answer<'getQuietHours'>;
  preferences: Answer<'getEffectivePreferences'>;
};

async function loadWhole(carillon: Carillon, reference: string): Promise<Whole> {
  const [user, points, quietHours, preferences] = await Promise.all([
    carillon.users.get(reference),
    carillon.contactPoints.list(reference),
    carillon.quietHours.get(reference),
    carillon.preferences.effective(reference),
  ]);
  return { ...user, contact_points: points.data, quiet_hours: quietHours, preferences };
}

function renderWhole(whole: Whole, { paint, stdout }: Cli): string[] {
  const screen = { paint, width: stdout.columns };
  return [
    ...renderFields(fieldsOf(whole), paint),
    '',
    ...renderTable(whole.contact_points, pointColumns, screen),
  ];
}

function fieldsOf(user: User): [string, string | null][] {
  return [
    ['id', user.id],
    ['external id', user.external_id],
    ['username', user.username],
    ['e-mail', user.email],
    ['name', user.name],
    ['role', user.role],
    ['zone', user.zone],
    ['locale', user.locale],
  ];
}

const columns: readonly Column<User>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'EXTERNAL ID', text: ({ external_id: id }) => id },
  { title: 'E-MAIL', text: ({ email }) => email },
  { title: 'NAME', text: ({ name, username }) => name ?? username, isFlexible: true },
  { title: 'ROLE', text: ({ role }) => role },
  { title: 'ZONE', text: ({ zone }) => zone },
];

const pointColumns: readonly Column<Whole['contact_points'][number]>[] = [
  { title: 'KIND', text: ({ kind }) => kind },
  { title: 'ADDRESS', text: ({ address }) => address, isFlexible: true },
  { title: 'ID', text: ({ id }) => id },
];
