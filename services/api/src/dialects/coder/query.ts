import { CoderRefusal } from './refusal.ts';
import { parseUuid } from './uuid.ts';

/** What a list or a watch is restricted to. */
export interface InboxFilter {
  /** All of them; empty for no restriction. */
  targets: string[];
  /** Any of them; empty for no restriction. */
  templates: string[];
  readStatus: 'all' | 'read' | 'unread';
}

export interface ListQuery extends InboxFilter {
  /** Id of the last row seen. */
  startingBefore: string | undefined;
}

export interface WatchQuery extends InboxFilter {
  /** Whether Markdown is shown as the text that it stands for. */
  plaintext: boolean;
}

/** Tokens may stand in any query; they are none of its parameters. */
const credentials = new Set(['coder_session_token', 'access_token']);
const readStatuses = ['all', 'unread', 'read'] as const;

/** Every wrong parameter is told at once. Throws CoderRefusal. */
export function readListQuery(query: URLSearchParams): ListQuery {
  const parser = new QueryParser(query, ['targets', 'templates', 'read_status', 'starting_before']);
  const filter = { targets: parser.uuids('targets'), templates: parser.uuids('templates') };
  const startingBefore = parser.uuid('starting_before');
  parser.refuse();
  return { ...filter, startingBefore, readStatus: readStatus(query) };
}

/** As `readListQuery`; a format that is not known is Markdown. */
export function readWatchQuery(query: URLSearchParams): WatchQuery {
  const parser = new QueryParser(query, ['targets', 'templates', 'read_status', 'format']);
  const filter = { targets: parser.uuids('targets'), templates: parser.uuids('templates') };
  parser.refuse();
  return { ...filter, plaintext: query.get('format') === 'plaintext', readStatus: readStatus(query) };
}

/** The text names another parameter than is wrong; clients' tests know it so. */
function readStatus(query: URLSearchParams): InboxFilter['readStatus'] {
  const given = query.get('read_status') || 'all';
  const found = readStatuses.find((one) => one === given);
  if (found !== undefined) return found;
  throw new CoderRefusal(400, "starting_before query parameter should be any of 'all', 'read', 'unread'.");
}

class QueryParser {
  readonly #query: URLSearchParams;
  readonly #validations: { field: string; detail: string }[] = [];

  constructor(query: URLSearchParams, known: readonly string[]) {
    this.#query = query;
    for (const field of new Set(query.keys())) {
      if (known.includes(field) || credentials.has(field)) continue;
      this.#add(field, `Query param "${field}" is not a valid query param`);
    }
  }

  /** What is present and empty counts as absent. */
  uuid(field: string): string | undefined {
    const text = this.#query.get(field);
    if (text === null || text === '') return undefined;
    const id = parseUuid(text);
    if (id === undefined) this.#add(field, `Query param "${field}" must be a valid uuid`);
    return id;
  }

  uuids(field: string): string[] {
    const text = this.#query.get(field);
    if (text === null || text === '') return [];
    const items = text.split(',').map((item) => item.trim());
    const ids = items.map(parseUuid);
    const wrong = items.filter((_, index) => ids[index] === undefined);
    if (wrong.length > 0) this.#add(field, `Query param "${field}" has invalid values: ${wrong.join(',')}`);
    return ids.flatMap((id) => id ?? []);
  }

  refuse(): void {
    if (this.#validations.length === 0) return;
    throw new CoderRefusal(400, 'Query parameters have invalid values.', { validations: this.#validations });
  }

  #add(field: string, detail: string): void {
    this.#validations.push({ field, detail: detail.slice(0, 500) });
  }
}
