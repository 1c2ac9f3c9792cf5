import type { OrganizationId, UserId } from '@carillon/core';
import type { OracleItem, OraclePerson } from './item-oracle.ts';
import { makeOrganization, makeUser, newId, type TestStore } from './store.ts';

/** Rows of one organization that have a bit of everything, and what they should be answered as. */
export interface ItemSample {
  organizationId: OrganizationId;
  ada: UserId;
  bob: UserId;
  /** By number. */
  items: OracleItem[];
}

const statuses = ['inbox', 'archived', '', null, 'Inbox', '100%_\\'];
const titles = ['build 7 failed', 'Build ok', '', 'a_b%c', "it's; -- drop", String.raw`back\slash`];
const bodies = ['', 'line one\nline two', 'INBOX', 'x'];
const collections = ['articles', null, '', 'notes'];
const refs = ['42', null, '', '7'];

/** One row for each of `count` numbers, the values cycling at different paces. */
export async function makeItemSample(store: TestStore, count = 60): Promise<ItemSample> {
  const organizationId = await makeOrganization(store.db);
  const ada = await makeUser(store.db, organizationId, {
    ...{ name: 'Somebody Else', email: 'ada@example.com', role: 'admin', locale: 'en' },
    profile: { first_name: 'Ada', email_notifications: true, tags: ['x', 'y'] },
  });
  const bob = await makeUser(store.db, organizationId, { name: 'Bob van Stone', externalId: 'b-1' });
  const gone = newId<UserId>();
  const persons = new Map<string, OraclePerson>([
    [
      ada,
      person(ada, {
        first_name: 'Ada',
        last_name: null,
        email: 'ada@example.com',
        role: 'admin',
        language: 'en',
      }),
    ],
    [
      bob,
      person(bob, { first_name: 'Bob', last_name: 'van Stone', role: 'member', external_identifier: 'b-1' }),
    ],
  ]);
  const senders = [ada, null, bob, gone];
  const rows = Array.from({ length: count }, (_, at) => {
    const instant = new Date(Date.UTC(2026, 0, 1) + at * 37 * 3_600_000 + at * 61_001);
    return {
      ...{ id: newId<string>(), number: at + 1, timestamp: instant.toISOString() },
      ...{ recipient: at % 3 === 0 ? bob : ada, sender: senders[at % 4] ?? null },
      ...{ status: statuses[at % 6] ?? null, title: titles[(at * 5 + 1) % 6] ?? '' },
      ...{ body: bodies[at % 4] ?? '', collection: collections[(at >> 1) % 4] ?? null },
      ...{ item: refs[(at >> 2) % 4] ?? null, how: at % 5 },
    };
  });
  await store.rows(insertRows, [organizationId, JSON.stringify(rows)]);
  const items = rows.map((row): OracleItem => {
    const { number, status, recipient, sender, title, collection, item } = row;
    return {
      fields: {
        ...{ number, status, recipient, sender, title, collection, item },
        ...{ timestamp: new Date(row.timestamp), body: row.body === '' ? null : row.body },
      },
      recipient: persons.get(recipient),
      sender: sender === null ? undefined : persons.get(sender),
    };
  });
  return { organizationId, ada, bob, items };
}

/** Of each five, three are placed, one of them with an instant of its own, and two wait for their inbox. */
const insertRows = `insert into notifications (id, organization_id, number, trigger_id, recipient_id, sender_id, title,
    body, status, collection, item, created_at, inbox_at, placed_sequence, dispatched_at, timestamp_override, inbox_always)
  select id, $1, number, id, recipient, sender, title, body, status, collection, item,
    case when how >= 3 then timestamp else timestamp - interval '1 day' end,
    case when how < 3 then case when how = 2 then timestamp + interval '2 days' else timestamp end end,
    case when how < 3 then number end, case when how < 3 then timestamp end,
    case when how = 2 then timestamp end, how >= 3
  from jsonb_to_recordset($2) as r(id uuid, number bigint, timestamp timestamptz, recipient uuid, sender uuid,
    title text, body text, status text, collection text, item text, how int)`;

function person(id: UserId, fields: OraclePerson): OraclePerson {
  return { id, status: 'active', ...fields };
}
