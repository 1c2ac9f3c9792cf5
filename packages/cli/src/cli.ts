import type { Carillon } from '@carillon/client';
import { findConnection, type Connection, type ConnectionOptions } from './connection/find-connection.ts';
import { createPaint, type Paint } from './terminal/paint.ts';
import type { Surroundings } from './terminal/streams.ts';
import { renderTable, type Column } from './terminal/table.ts';

/** What every command takes. */
export interface GlobalOptions extends ConnectionOptions {
  json?: boolean | undefined;
  /** Seconds that one call may take. */
  timeout?: number | undefined;
}

/** What commands work with: the surroundings, what the global options say of them, and ways to answer. */
export interface Cli extends Surroundings {
  options(): GlobalOptions;
  isJson(): boolean;
  /** For standard output. */
  paint: Paint;
  connection(): Connection;
  /** A client of that API. */
  connect(): Promise<Carillon>;
  /** The one answer of a command: a JSON document with `--json`, else lines. */
  show(document: unknown, lines: readonly string[] | string): void;
  /** An answer of many: one JSON document on each line with `--json`, else a table. */
  list<Row>(rows: AsyncIterable<Row> | Iterable<Row>, columns: readonly Column<Row>[]): Promise<void>;
  /** A line for people that is no answer; not with `--json`. */
  note(line: string): void;
}

/** @param readOptions gives the global options, once the arguments are parsed. */
export function createCli(surroundings: Surroundings, readOptions: () => GlobalOptions): Cli {
  const { stdout, stderr } = surroundings;
  const paint = createPaint(surroundings, stdout);
  const isJson = (): boolean => readOptions().json === true;
  const write = (line: string): void => void stdout.write(`${line}\n`);
  const connection = (): Connection => findConnection(surroundings, readOptions());
  return {
    ...surroundings,
    ...{ options: readOptions, isJson, paint, connection },
    async connect() {
      const { url, token } = connection();
      const { createCarillon } = await import('@carillon/client');
      const { timeout } = readOptions();
      return createCarillon({
        url,
        ...(token !== undefined && { token }),
        ...(timeout !== undefined && { timeoutMs: timeout * 1_000 }),
      });
    },
    show(document, lines) {
      if (isJson()) return write(JSON.stringify(document));
      for (const line of typeof lines === 'string' ? [lines] : lines) write(line);
      return undefined;
    },
    async list<Row>(rows: AsyncIterable<Row> | Iterable<Row>, columns: readonly Column<Row>[]) {
      if (isJson()) {
        for await (const row of rows) write(JSON.stringify(row));
        return;
      }
      const all: Row[] = [];
      for await (const row of rows) all.push(row);
      if (all.length === 0) return this.note('Nothing.');
      for (const line of renderTable(all, columns, { paint, width: stdout.columns })) write(line);
    },
    note(line) {
      if (!isJson()) stderr.write(`${line}\n`);
    },
  };
}
