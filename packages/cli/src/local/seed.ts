import type { ChannelId, Log } from '@carillon/core';
import {
  connectDatabase,
  ensureDemoUser,
  ensureFirstAdmin,
  insertChannel,
  listChannels,
  migrate,
} from '@carillon/db';
import { createNewId, hashToken, tokenLookup } from '@carillon/runtime';

export interface SeedOptions {
  databaseUrl: string;
  operatorToken: string;
  /** Undefined in production: no demo user there. */
  demoToken: string | undefined;
  paused: boolean;
}

/**
 * Migrates the database and puts in what the first screen promises: the default organization, its first
 * admin, who is an operator too, and a demo user whom notifications reach in the inbox and by mail.
 * What is there already stays as it is.
 */
export async function prepareDatabase(deps: { log: Log }, options: SeedOptions): Promise<void> {
  const { databaseUrl: url, operatorToken, demoToken, paused } = options;
  await migrate({ url, log: deps.log });
  const database = connectDatabase({ url, log: deps.log, name: 'local-stack', poolMax: 1 });
  const { db } = database;
  const newId = createNewId();
  try {
    const token = hashed(operatorToken);
    const { organizationId } = await ensureFirstAdmin(db, { token, operator: true, newId, paused });
    if (demoToken === undefined) return;
    await ensureDemoUser(db, { organizationId, token: hashed(demoToken), newId });
    const channels = await listChannels(db, organizationId);
    if (channels.some(({ kind }) => kind === 'email')) return;
    // Without settings of its own it sends through SMTP_URL, which the local stack sets.
    const id = newId() as ChannelId;
    await insertChannel(db, { id, organizationId, kind: 'email', name: 'Mail', settings: {} });
  } finally {
    await database.stop();
  }
}

function hashed(token: string): { lookup: string; hash: string } {
  return { lookup: tokenLookup(token), hash: hashToken(token) };
}
