import { renewEpoch } from '@carillon/db';
import { withDatabase } from '../local/with-database.ts';

/**
 * To be run after a database was restored from a backup, before the services start.
 * Positions that clients have kept belong to a life that went on after the backup; with a new epoch each
 * client reads its inbox anew.
 */
export async function restored(): Promise<{ epoch: string }> {
  return { epoch: await withDatabase(renewEpoch) };
}
