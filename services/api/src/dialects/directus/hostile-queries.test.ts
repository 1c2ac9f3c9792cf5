import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runSql } from '@carillon/testkit';
import { createInboxWriter, type InboxWriter } from '../../../test/inbox-writer.ts';
import { startTestApi, type Actor, type TestApi } from '../../../test/test-api.ts';
import { collections, type Field, type FieldType } from './query/collections.ts';
import { listOperators } from './query/operators.ts';

const pieces = [
  ...["'", "''", '"', '`', '\\', '\\\\', '%', '_', '$1', '$2::int', ':name', '?', ';--', '/*', '{', '}'],
  ...[
    "'; drop table notifications; --",
    "' or 1=1 --",
    ') or (1=1',
    'n.title',
    'recipient_id',
    "x' || version() || '",
  ],
  ...[
    'null',
    'NaN',
    'Infinity',
    '-0',
    '1e308',
    '0x1f',
    '9007199254740993',
    '2147483648',
    '\u{1F514}',
    '\uD800',
    '\u0000',
  ],
  ...[
    '__proto__',
    'constructor',
    '$NOW',
    '$NOW(-1 day)',
    '$CURRENT_USER',
    '2026-01-01',
    '9999-12-31T23:59:59.999Z',
  ],
  ...['0001-01-01', '00000000-0000-0000-0000-000000000000', '', ' ', ',', 'true', '42'],
];
/** Half a character and NUL are no text that a notification can have. */
const stored = pieces.filter((one) => !/[\0\uD800]/.test(one) || one.length > 1);
const root = collections.admin.fields;
const fields = [...root.keys()];
const persons = root.get('recipient')?.end?.fields ?? new Map<string, Field>();
const parts = ['year', 'month', 'week', 'day', 'weekday', 'hour', 'minute', 'second'].map(
  (one) => `${one}(timestamp)`,
);

/** Queries of which most are right, with texts that mean something to SQL, to patterns or to programs. */
const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 }));
const wrong = fc.oneof(
  piece,
  fc.constant(null),
  fc.double(),
  fc.array(piece, { maxLength: 2 }),
  fc.dictionary(piece, piece),
);
const rarely = <T>(usual: fc.Arbitrary<T>, unusual: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: unusual });
const valueOf = (type: FieldType): fc.Arbitrary<unknown> => {
  const instants = ['$NOW', '$NOW(-1 month)', '2026-01-01', '9999-12-31T23:59:59.999Z', '0001-01-01'];
  if (type === 'integer') return fc.maxSafeInteger();
  if (type === 'timestamp') return fc.constantFrom(...instants);
  if (type === 'uuid') return fc.oneof(fc.uuid(), fc.constant('$CURRENT_USER'));
  return type === 'boolean' ? fc.boolean() : piece.filter((one) => !/[\0\uD800]/.test(one));
};
const flags = new Set(['_null', '_nnull', '_empty', '_nempty']);
const testOf = (type: FieldType) =>
  fc.constantFrom(...listOperators().filter(({ types }) => types.has(type))).chain(({ name }) => {
    const one = rarely(valueOf(type), wrong);
    const several = fc.array(one, { minLength: name.endsWith('between') ? 2 : 1, maxLength: 2 });
    const given = flags.has(name) ? fc.boolean() : /^_n?(in|between)$/.test(name) ? several : one;
    return fc.record({ [name]: given });
  });
const about = (names: fc.Arbitrary<string>, typeOf: (name: string) => FieldType) =>
  names.chain((one) => fc.record({ [one]: testOf(typeOf(one)) }));
const ofPerson = about(fc.constantFrom(...persons.keys()), (one) => persons.get(one)?.type ?? 'string');
const filter = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    about(fc.constantFrom(...fields, ...parts), (one) => root.get(one)?.type ?? 'integer'),
    fc.constantFrom('recipient', 'sender').chain((one) => fc.record({ [one]: ofPerson })),
    fc
      .constantFrom('_and', '_or')
      .chain((one) => fc.record({ [one]: fc.array(tie('tree'), { maxLength: 3 }) })),
  ),
})).tree;
const name = rarely(
  fc.oneof(
    fc.constantFrom(...fields, ...parts),
    fc.constantFrom(...persons.keys()).map((one) => `recipient.${one}`),
    fc.constant('sender.role.name'),
  ),
  piece,
);
const stars = fc.constantFrom('*', '*.*', '*.*.*', 'sender.*');
const functionName = fc.constantFrom('count', 'countDistinct', 'min', 'max', 'countAll');
const rows = {
  ...{ search: piece, fields: fc.array(fc.oneof(name, stars), { maxLength: 3 }) },
  sort: fc.array(
    fc.tuple(fc.constantFrom('', '-'), name).map(([minus, one]) => `${minus}${String(one)}`),
    { maxLength: 3 },
  ),
  alias: fc.dictionary(
    piece.filter((one) => !one.includes('.')),
    fc.constantFrom(...fields),
    { maxKeys: 2 },
  ),
  deep: fc.record({ recipient: fc.record({ _filter: ofPerson }) }),
};
const groups = {
  aggregate: fc.dictionary(functionName, fc.constantFrom(...fields), { maxKeys: 2 }),
  groupBy: fc.subarray(['status', 'sender', 'message', 'timestamp', 'year(timestamp)'], { maxLength: 2 }),
};
const common = {
  filter,
  limit: rarely(fc.integer({ min: -1, max: 20 }), piece),
  offset: rarely(fc.integer({ min: 0, max: 9 }), piece),
  meta: fc.constantFrom('*', 'filter_count'),
  export: fc.constantFrom('csv', 'xml', 'yaml', 'json', 'csv_utf8'),
};
const query = fc.oneof(
  fc.record({ ...rows, ...common }, { requiredKeys: [] }),
  fc.record({ ...groups, ...common }, { requiredKeys: [] }),
);

describe('queries of any kind', () => {
  let api: TestApi;
  let writer: InboxWriter;
  let [admin, member]: Actor[] = [];

  beforeAll(async () => {
    api = await startTestApi();
    writer = createInboxWriter(api);
    const home = await api.makeOrganization();
    [admin, member] = [await api.makeUser(home, 'admin'), await api.makeUser(home, 'member')];
    const profile = { tags: [{ 'a b': '\u0001' }], email_notifications: 'maybe', avatar: { odd: true } };
    await runSql(api.databaseUrl, 'update users set profile = $1', [JSON.stringify(profile)]);
    for (const title of stored) await writer.place(member, { title });
  });
  afterAll(async () => {
    await writer.stop();
    await api.stop();
  });

  async function ask(actor: Actor | undefined, asked: object): Promise<{ status: number; text: string }> {
    const response = await fetch(`${api.url}/notifications`, {
      method: 'SEARCH',
      headers: { Authorization: `Bearer ${actor?.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: asked }),
    });
    return { status: response.status, text: await response.text() };
  }

  it('are answered, or refused without a word of SQL', async () => {
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(query, fc.boolean(), async (asked, isAdmin) => {
        const { status, text } = await ask(isAdmin ? admin : member, asked);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        expect([200, 400, 403]).toContain(status);
        const told = status === 200 ? '' : text;
        // A refusal quotes what it refuses; elsewhere the same words are SQL.
        expect(told).not.toMatch(/\bselect\b|syntax error|carillon_now|(?<!\\")n\.title|operator does not/i);
      }),
      { numRuns: 300 },
    );
    expect(statuses.get(200)).toBeGreaterThan(100);
    expect(api.logged()).not.toContain('request.failed');
  });

  it.each(['\0', '\uD800'])('cannot name %j', async (text) => {
    expect((await ask(admin, { filter: { subject: { _eq: text } } })).status).toBe(400);
  });

  it.each(pieces.filter((one) => !/^[\0\uD800]$/.test(one)))(
    'compare %j with what is stored, and nothing else',
    async (text) => {
      const filter = { subject: { _eq: text } };
      const { status, text: body } = await ask(admin, { filter, fields: 'subject', limit: -1 });
      const isFound = stored.includes(text) && text !== '$CURRENT_USER';
      expect([status, JSON.parse(body)]).toEqual([200, { data: isFound ? [{ subject: text }] : [] }]);
    },
  );

  it('leave the tables as they were', async () => {
    const [row] = await runSql(api.databaseUrl, 'select count(*)::int as count from notifications');
    expect(row?.['count']).toBe(stored.length);
  });
});
