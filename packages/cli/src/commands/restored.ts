import { renewEpoch } from '@carillon/db';
import { withDatabase } from './with-database.ts';

/**
 * `carillon restored`: to be run after a database was restored from a backup, before the services start.
 * Positions that clients have kept belong to a life that went on after the backup; with a new epoch each
 * client reads its inbox anew.
 */
export async function restored(): Promise<void> {
  const epoch = await withDatabase(renewEpoch);
  console.log(`New epoch ${epoch}: every client reads its inbox anew`);
}
