import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * One call of another system as its documents or its clients show it, and the answer that its clients rely on.
 * Every text may hold names in angle brackets: names of the stage stand for its values; `<uuid>`, `<time>` and
 * `<text>` alone in an answer stand for any of the sort. Everything else is compared exactly.
 */
export interface GoldenPair {
  /** A promise, as the name of its test. */
  name: string;
  /** Who calls, by the stage's name; left out for nobody. */
  as?: string;
  request: { method: string; path: string; headers?: Record<string, string>; body?: unknown };
  /** Without a body nothing may be sent; `text` is for what is no JSON. */
  response: { status: number; body?: unknown; text?: string };
}

/** What the names in pairs stand for. */
export interface GoldenStage {
  url: string;
  values: Readonly<Record<string, string>>;
  /** Headers that make a request this caller's; throws for a name that it does not know. */
  headersOf(caller: string): Record<string, string>;
}

/** The pairs of all files of a directory, in the order of their names: later ones may build on earlier ones. */
export function loadGoldenPairs(directory: URL): GoldenPair[] {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .toSorted();
  return files.flatMap((file) => JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as GoldenPair[]);
}

const livenessMs = 20_000;

/** Makes the call of a pair and throws unless the answer is as the pair tells. */
export async function playGoldenPair(pair: GoldenPair, stage: GoldenStage): Promise<void> {
  const { method, path, headers, body } = pair.request;
  const wanted = fill(pair.response.body, stage.values);
  const wantedText = pair.response.text ?? '';
  const response = await fetch(`${stage.url}${fillText(path, stage.values)}`, {
    method,
    headers: {
      ...(pair.as === undefined ? {} : stage.headersOf(pair.as)),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { body: typeof body === 'string' ? body : JSON.stringify(fill(body, stage.values)) }),
    signal: AbortSignal.timeout(livenessMs),
  });
  const text = await response.text();
  assert.equal(response.status, pair.response.status, `${method} ${path}: ${text}`);
  if (wanted === undefined) {
    assert.equal(text, fillText(wantedText, stage.values));
    return;
  }
  const given: unknown = JSON.parse(text);
  assert.deepEqual(alignTo(wanted, given), wanted, `${method} ${path}`);
}

function fill(value: unknown, values: GoldenStage['values']): unknown {
  if (typeof value === 'string') return fillText(value, values);
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [fillText(key, values), fill(item, values)]),
  );
}

/** A name that is neither the stage's nor a sort is a mistake in the pair. */
function fillText(text: string, values: GoldenStage['values']): string {
  return text.replaceAll(/<([a-z][\w.]*)>/gi, (whole, name: string) => {
    if (Object.hasOwn(sorts, name)) return whole;
    const value = values[name];
    if (value === undefined)
      throw new Error(`a golden pair speaks of ${whole}, which the stage does not have`);
    return value;
  });
}

const sorts: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/,
  text: /^.+$/s,
};

/** The given answer with the name of a sort wherever that was wanted and what stands there is of the sort. */
function alignTo(wanted: unknown, given: unknown): unknown {
  if (typeof wanted === 'string') return isOfSort(wanted, given) ? wanted : given;
  if (Array.isArray(wanted) && Array.isArray(given)) {
    return given.map((item: unknown, index) => alignTo(wanted[index], item));
  }
  if (!isFields(wanted) || !isFields(given)) return given;
  return Object.fromEntries(Object.entries(given).map(([key, item]) => [key, alignTo(wanted[key], item)]));
}

function isOfSort(wanted: string, given: unknown): boolean {
  const sort = sorts[/^<(\w+)>$/.exec(wanted)?.[1] ?? ''];
  return sort !== undefined && typeof given === 'string' && sort.test(given);
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
