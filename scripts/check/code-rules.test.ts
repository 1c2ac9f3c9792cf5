import { describe, expect, it } from '@jest/globals';
import { checkFile } from './own-rules.mjs';

const rulesOf = (path: string, text: string) =>
  checkFile({ path, text }).map(({ rule, line }) => `${rule}:${line}`);
const worker = 'services/worker/src/deliver.ts';

describe('rules for code', () => {
  it.each([
    { name: 'a hidden clock', text: 'export const a = new Date();', found: ['clock:1'] },
    { name: 'Date.now', text: '\nexport const a = Date.now();', found: ['clock:2'] },
    { name: 'Date called as a function', text: 'export const a = Date();', found: ['clock:1'] },
    { name: 'the monotonic clock', text: 'export const a = performance.now();', found: ['clock:1'] },
    { name: 'a hidden die', text: 'export const a = Math.random();', found: ['clock:1'] },
    { name: 'a hidden maker of ids', text: "import { randomUUID } from 'node:crypto';", found: ['clock:1'] },
    { name: 'a timer', text: 'setTimeout(f, 5);', found: ['clock:1'] },
    { name: 'a timer of the global object', text: 'globalThis.setInterval(f, 5);', found: ['clock:1'] },
    {
      name: 'a timer by import',
      text: "import { setTimeout } from 'node:timers/promises';",
      found: ['clock:1'],
    },
    { name: 'a hidden setting', text: 'export const a = process.env.PORT;', found: ['process:1'] },
    { name: 'an exit', text: 'process.exit(1);', found: ['process:1'] },
    { name: 'a signal handler', text: "process.on('SIGTERM', f);", found: ['process:1'] },
    { name: 'the process by import', text: "import { env } from 'node:process';", found: ['process:1'] },
    { name: 'export *', text: "export * from './plan.ts';", found: ['export-all:1'] },
    { name: 'code that does not parse', text: 'export const = 1;', found: ['syntax:1'] },
  ])('finds $name', ({ text, found }) => {
    expect(rulesOf(worker, text)).toEqual(found);
  });

  it.each([
    { name: 'a date of given milliseconds', path: worker, text: 'export const a = new Date(5);' },
    {
      name: 'words in comments and texts',
      path: worker,
      text: "// Date.now()\nexport const a = 'process.exit()';",
    },
    { name: 'a clock that was passed in', path: worker, text: 'export const a = (d) => d.clock.now();' },
    {
      name: 'the clock in runtime',
      path: 'packages/runtime/src/clock.ts',
      text: 'export const a = new Date();',
    },
    {
      name: 'settings in runtime',
      path: 'packages/runtime/src/config/load.ts',
      text: 'export const a = process.env;',
    },
    { name: 'the clock in tests', path: 'packages/core/src/a.test.ts', text: 'export const a = Date.now();' },
  ])('allows $name', ({ path, text }) => {
    expect(rulesOf(path, text)).toEqual([]);
  });

  it('finds a page that reaches past the client of the API', () => {
    const path = 'packages/console/src/pages/users/users-page.tsx';
    const page = 'export const a = <b>{1}</b>;';
    expect(rulesOf(path, `import { Route } from '@carillon/contracts';\n${page}`)).toEqual(['page:1']);
    expect(rulesOf(path, `import { a } from '../../../../client/src/call.ts';\n${page}`)).toEqual(['page:1']);
    expect(rulesOf(path, `import { a } from '../../../test/stage.ts';\n${page}`)).toEqual(['page:1']);
    expect(rulesOf(path, `import { useState } from 'preact/hooks';\n${page}`)).toEqual([]);
    expect(rulesOf(path, `import { useLoad } from '../../load.ts';\n${page}`)).toEqual([]);
  });

  it('finds an edge that takes more than types from the database or the queue', () => {
    const path = 'services/api/src/v1/inbox/routes.ts';
    expect(rulesOf(path, "import { listInbox } from '@carillon/db';")).toEqual(['edge:1']);
    expect(rulesOf(path, "import { enqueue, type Lane } from '@carillon/queue';")).toEqual(['edge:1']);
    expect(rulesOf(path, "import type { InboxRow } from '@carillon/db';")).toEqual([]);
    expect(rulesOf('services/api/src/actions/inbox.ts', "import { listInbox } from '@carillon/db';")).toEqual(
      [],
    );
  });
});

describe('rules for SQL', () => {
  const queries = 'packages/db/src/queries/deliveries.ts';
  const definition = 'create or replace function carillon_now() returns timestamptz language sql stable';

  it.each([
    { name: 'now() in a query', text: 'sql`select *\nfrom a where due <= now()`;' },
    { name: 'now() behind a value', text: 'sql`select ${a} where due <= NOW ( )`;' },
    { name: 'now() as a default', text: "column.defaultTo('now()');" },
    { name: 'current_timestamp', text: 'sql`update a set b = current_timestamp`;' },
    { name: 'clock_timestamp()', text: 'sql`select clock_timestamp()`;' },
    { name: 'the special date string', text: "sql`select 'now'::timestamptz`;" },
    { name: 'now as a function of the query builder', text: "db.fn('now', []);" },
    {
      name: 'now() beside the definition of carillon_now()',
      text: `sql\`${definition} return now(); select now()\`;`,
    },
  ])('finds $name', ({ text }) => {
    expect(rulesOf(queries, text)).toEqual(['sql-clock:1']);
  });

  it.each([
    { name: 'carillon_now()', text: 'sql`select carillon_now()`;' },
    { name: 'the clock of the deps inside a query', text: 'sql`select ${clock.now()}`;' },
    { name: 'a comment in SQL', text: 'sql`select 1 -- not now()\n`;' },
    { name: 'the definition as a body', text: `sql\`${definition} return now()\`;` },
    { name: 'the definition in dollar quotes', text: `sql\`${definition} as $$ select now() $$\`;` },
    {
      name: 'the definition of the tests',
      text: `sql\`${definition} as $x$ select now() + (select offset_value from test_clock) $x$\`;`,
    },
  ])('allows $name', ({ text }) => {
    expect(rulesOf(queries, text)).toEqual([]);
  });

  it('looks into SQL files too', () => {
    expect(rulesOf('packages/db/a.sql', 'select 1;\nselect now();')).toEqual(['sql-clock:2']);
  });

  it('lets only migrations use raw SQL', () => {
    const text = 'sql.raw(name);';
    expect(rulesOf(queries, text)).toEqual(['sql-raw:1']);
    expect(rulesOf('packages/db/src/migrations/0001_store.ts', text)).toEqual([]);
  });
});
