import type { BatchResult, Carillon, NotificationCreate } from '@carillon/client';
import type { Cli } from '../cli.ts';
import { CommandError, exitCodes, toFailure, UsageError } from '../failure.ts';
import { readJsonRows, type JsonRow } from '../json-rows.ts';
import { plain } from '../terminal/plain.ts';
import { createProgress } from '../terminal/progress.ts';

/** What one call takes: notifications, and recipients over all of them. */
const rowsMax = 500;
const recipientsMax = 1_000;

/** What became of one notification of the file. */
type SentRow = { line: number } & BatchResult;

/**
 * Sends the notifications of a file, each a JSON object as the API takes it, in as few calls as they need. Those that are
 * refused are told; the others are sent all the same. `key` makes a repeat of the whole file harmless for a day.
 * Throws a CommandError at the end when some were refused, and where it broke off.
 */
export async function sendFile(cli: Cli, file: string, key: string | undefined): Promise<void> {
  const rows = await readJsonRows(cli, file);
  if (rows.length === 0) throw new UsageError(`${file} has no notifications`);
  const carillon = await cli.connect();
  const progress = createProgress(cli.stderr, {
    ...{ label: 'Sending', total: rows.length, isQuiet: cli.isJson() },
  });
  let refused = 0;
  try {
    for (const [index, chunk] of chunksOf(rows).entries()) {
      const results = await sendChunk(carillon, chunk, key === undefined ? undefined : `${key}-${index}`);
      for (const row of results) {
        if (row.status === 'refused') refused += 1;
        tell(cli, row);
      }
      progress.advance(chunk.length);
    }
  } finally {
    progress.end();
  }
  cli.note(`${rows.length - refused} accepted, ${refused} refused`);
  if (refused > 0) {
    const message = `${refused} of ${rows.length} notifications were refused`;
    throw new CommandError(exitCodes.failed, 'cli.partly_refused', message);
  }
}

async function sendChunk(
  carillon: Carillon,
  chunk: readonly JsonRow[],
  idempotencyKey: string | undefined,
): Promise<SentRow[]> {
  // The API checks each one, and tells what is wrong with it.
  const notifications = chunk.map(({ value }) => value as unknown as NotificationCreate);
  const options = idempotencyKey === undefined ? {} : { idempotencyKey };
  try {
    const { results } = await carillon.notifications.createBatch({ notifications }, options);
    return results.map((result, index) => ({ line: chunk[index]?.line ?? 0, ...result }));
  } catch (cause) {
    const { error } = toFailure(cause, undefined);
    const details = error.errors.map(({ pointer, detail }) => ` ${pointer ?? ''} ${detail}`);
    const message = `What is before line ${chunk[0]?.line ?? 0} was sent. ${error.message}${details.join(';')}`;
    throw new CommandError(error.exit_code, error.code, message, cause);
  }
}

/** In order; a row with too many recipients stands alone, for the API to refuse. */
function chunksOf(rows: readonly JsonRow[]): JsonRow[][] {
  const chunks: JsonRow[][] = [];
  let current: JsonRow[] = [];
  let recipients = 0;
  for (const row of rows) {
    const { to } = row.value;
    const count = Array.isArray(to) ? to.length : 1;
    if (current.length > 0 && (current.length === rowsMax || recipients + count > recipientsMax)) {
      chunks.push(current);
      current = [];
      recipients = 0;
    }
    current.push(row);
    recipients += count;
  }
  return [...chunks, current];
}

function tell(cli: Cli, row: SentRow): void {
  if (cli.isJson()) return cli.show(row, []);
  if (row.status === 'refused') {
    const details = row.errors.map(
      ({ pointer, detail }) => `${pointer.replace(/^\/notifications\/\d+/, '')} ${detail}`,
    );
    cli.note(plain(`Line ${row.line}: ${row.message} ${details.join('; ')}`));
  }
}
