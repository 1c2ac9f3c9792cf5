import type { ServerFacts } from '@carillon/db/operation';
import { failed, ok, shownBytes, warning, type Finding } from './finding.ts';

const check = 'PostgreSQL';
const oldestVersion = 150_000;
const gib = 1024 ** 3;

/** What facts of a database mean for Carillon, of this schema and `roundTripMs` away. Pure. */
export function judgeDatabase(
  facts: ServerFacts,
  { schemaNumber, roundTripMs }: { schemaNumber: number; roundTripMs: number },
): Finding[] {
  const version = `${Math.floor(facts.versionNumber / 10_000)}.${facts.versionNumber % 10_000}`;
  const size = `${shownBytes(facts.databaseBytes)}, ${facts.connections} of ${facts.connectionsMax} connections`;
  const found = [
    ...judgeServer(facts, version),
    ...judgeDurability(facts),
    ...judgeLoad(facts),
    ...(roundTripMs > 20
      ? [
          warning(
            check,
            `an answer takes ${roundTripMs.toFixed(0)} ms`,
            'run the services beside their database: every stage waits for it',
          ),
        ]
      : []),
  ];
  const fine = ok(check, `version ${version}, answers in ${roundTripMs.toFixed(1)} ms; ${size}`);
  return [...(found.length === 0 ? [fine] : found), judgeSchema(facts.schema, schemaNumber)];
}

function judgeServer({ versionNumber, isStandby }: ServerFacts, version: string): Finding[] {
  return [
    ...(versionNumber < oldestVersion
      ? [failed(check, `version ${version} is too old`, 'use PostgreSQL 15 or later')]
      : []),
    ...(isStandby
      ? [failed(check, 'it is a standby, which takes no writes', 'let DATABASE_URL name the primary')]
      : []),
  ];
}

/** What was answered with 2xx is promised not to be lost: the server must keep it. */
function judgeDurability({ fsync, fullPageWrites, synchronousCommit }: ServerFacts): Finding[] {
  const loses = 'what was accepted can be lost when the server crashes';
  return [
    ...(fsync === 'off' ? [failed(check, `fsync is off: ${loses}`, 'set fsync = on')] : []),
    ...(fullPageWrites === 'off'
      ? [warning(check, `full_page_writes is off: ${loses}`, 'set full_page_writes = on')]
      : []),
    ...(synchronousCommit === 'off'
      ? [failed(check, `synchronous_commit is off: ${loses}`, 'set synchronous_commit = on')]
      : []),
  ];
}

function judgeLoad(facts: ServerFacts): Finding[] {
  const { connections, connectionsMax, longestTransactionSeconds, idleSlots, transactionAge } = facts;
  const found: Finding[] = [];
  if (connections > connectionsMax * 0.9) {
    const detail = `${connections} of ${connectionsMax} connections are taken`;
    found.push(warning(check, detail, 'raise max_connections, or run fewer processes'));
  }
  if (longestTransactionSeconds > 300) {
    const minutes = Math.round(longestTransactionSeconds / 60);
    const detail = `a transaction has been open for ${minutes} min, so that dead rows cannot be cleaned up`;
    found.push(warning(check, detail, 'find it in pg_stat_activity by xact_start, and end it'));
  }
  for (const { name, keptBytes } of idleSlots.filter((slot) => slot.keptBytes > gib)) {
    const detail = `the replication slot ${name}, which nobody reads, keeps ${shownBytes(keptBytes)} of log on the disk`;
    found.push(warning(check, detail, 'let its reader come back, or drop it with pg_drop_replication_slot'));
  }
  if (transactionAge > 1_500_000_000) {
    const detail = `${transactionAge} transactions since the last freeze; writes stop near 2000000000`;
    found.push(failed(check, detail, 'run VACUUM FREEZE, and see why autovacuum does not come to it'));
  }
  return found;
}

function judgeSchema(schema: number, schemaNumber: number): Finding {
  const name = 'Migrations';
  if (schema === schemaNumber) return ok(name, `current (${schema})`);
  if (schema > schemaNumber) {
    const detail = `the database is at ${schema}, this version knows ${schemaNumber}`;
    return warning(name, detail, 'update what you call carillon with; a newer one has migrated');
  }
  const detail = `the database is at ${schema} of ${schemaNumber}`;
  return failed(name, detail, 'carillon migrate, or start a service, which migrates too');
}
