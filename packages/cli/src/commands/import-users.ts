import type { UserBulkResult, UserBulkWrite } from '@carillon/client';
import type { Cli } from '../cli.ts';
import { CommandError, exitCodes, UsageError } from '../failure.ts';
import { readJsonRows, type JsonRow } from '../json-rows.ts';
import { plain } from '../terminal/plain.ts';
import { createProgress } from '../terminal/progress.ts';

const rowsPerCall = 500;

/** What became of one row of the file. */
type ImportedRow = { line: number } & UserBulkResult;

/**
 * Writes the users of a file, and tells of each one that was refused; the others are written all the same. Throws a
 * CommandError at the end when there was one.
 */
export async function importUsers(cli: Cli, file: string): Promise<void> {
  const rows = await readJsonRows(cli, file);
  if (rows.length === 0) throw new UsageError(`${file} has no users`);
  const carillon = await cli.connect();
  const progress = createProgress(cli.stderr, {
    ...{ label: 'Importing', total: rows.length, isQuiet: cli.isJson() },
  });
  const counts = { created: 0, updated: 0, refused: 0 };
  try {
    for (let start = 0; start < rows.length; start += rowsPerCall) {
      const chunk = rows.slice(start, start + rowsPerCall);
      const { results } = await carillon.users.write({ users: chunk.map(toUser) });
      for (const [index, result] of results.entries()) {
        counts[result.status] += 1;
        tell(cli, { line: chunk[index]?.line ?? 0, ...result });
      }
      progress.advance(chunk.length);
    }
  } finally {
    progress.end();
  }
  cli.note(`${counts.created} made, ${counts.updated} changed or as they were, ${counts.refused} refused`);
  if (counts.refused > 0) {
    const message = `${counts.refused} of ${rows.length} users were refused`;
    throw new CommandError(exitCodes.failed, 'cli.partly_refused', message);
  }
}

/** The API checks each one, and tells what is wrong with it. */
function toUser({ value }: JsonRow): UserBulkWrite {
  return value as unknown as UserBulkWrite;
}

function tell(cli: Cli, row: ImportedRow): void {
  if (cli.isJson()) return cli.show(row, []);
  if (row.status !== 'refused') return;
  const details = row.errors.map(
    ({ pointer, detail }) => `${pointer.replace(/^\/users\/\d+/, '')} ${detail}`,
  );
  cli.note(plain(`Line ${row.line}: ${row.message} ${details.join('; ')}`));
}
