import type { Carillon, Channel } from '@carillon/client';
import { CommandError, exitCodes, UsageError } from '../failure.ts';

/** The channel that somebody means: by its id, its name, or its kind where there is one of it. */
export async function findChannel(carillon: Carillon, wanted: string): Promise<Channel> {
  const { data } = await carillon.channels.list();
  const byId = data.find(({ id }) => id === wanted);
  if (byId !== undefined) return byId;
  const named = data.filter(({ name }) => name === wanted);
  const found = named.length > 0 ? named : data.filter(({ kind }) => kind === wanted);
  const [first] = found;
  if (first === undefined) {
    const names = data.map(({ name }) => `"${name}"`).join(', ');
    throw new CommandError(
      exitCodes.notFound,
      'cli.channel_not_found',
      `There is no channel "${wanted}". ${names === '' ? 'None is set up.' : `There are ${names}.`}`,
    );
  }
  if (found.length > 1) {
    const ids = found.map(({ id, name }) => `${id} (${name})`).join(', ');
    throw new UsageError(`"${wanted}" is ${found.length} channels; name one by its id: ${ids}`);
  }
  return first;
}
