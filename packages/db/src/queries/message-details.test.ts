import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NotificationId, OrganizationId } from '@carillon/core';
import {
  accept,
  makeOrganization,
  makeUser,
  newId,
  openTestStore,
  type TestStore,
} from '../../test/store.ts';
import { upsertCategory } from './categories.ts';
import { loadDetails } from './message-details.ts';
import { deleteUser } from './users.ts';

let store: TestStore;
let organizationId: OrganizationId;
beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
});
afterAll(() => store.stop());

describe('details of notifications', () => {
  it('are the recipient, the template and the targets of each', async () => {
    const templateId = newId<string>();
    const [own, other] = [await notify(organizationId), await notify(await makeOrganization(store.db))];
    const target = newId<string>();
    await store.rows('update notifications set template_id = $2, targets = $3 where id = $1', [
      ...[own, templateId, [target]],
    ]);
    await store.rows(
      `insert into templates (id, organization_id, key, name, mandatory)
       select $1, o.id, 't', 'Template of ' || o.slug, true from organizations o`,
      [templateId],
    );
    const details = await loadDetails(store.db, [own, other, own, newId<NotificationId>()]);
    expect(details).toEqual(
      new Map([
        [
          own,
          {
            recipient: { email: 'ada@example.org', name: 'Ada', username: 'ada', locale: null },
            template: { id: templateId, name: `Template of slug-${organizationId}` },
            targets: [target],
            ...{ mandatory: true, locale: 'en' },
          },
        ],
        [
          other,
          {
            recipient: { email: 'ada@example.org', name: 'Ada', username: 'ada', locale: null },
            ...{ template: null, targets: [], mandatory: false, locale: 'en' },
          },
        ],
      ]),
    );
  });

  it('say that a category is mandatory', async () => {
    const own = await makeOrganization(store.db);
    const userId = await makeUser(store.db, own);
    const [first, second] = (await accept(store.db, own, [userId, userId])) as [
      NotificationId,
      NotificationId,
    ];
    await store.rows("update notifications set category = 'security' where id = $1", [second]);
    await upsertCategory(store.db, own, 'security', { mandatory: true });
    const details = await loadDetails(store.db, [first, second]);
    expect([first, second].map((id) => details.get(id)?.mandatory)).toEqual([false, true]);
  });

  it('say nothing of a recipient who was removed', async () => {
    const own = await makeOrganization(store.db);
    const userId = await makeUser(store.db, own, { email: 'gone@example.org', name: 'Gone' });
    const [id] = await accept(store.db, own, [userId]);
    await deleteUser(store.db, own, userId);
    const details = await loadDetails(store.db, [id as NotificationId]);
    expect(details.get(id as NotificationId)?.recipient).toEqual({
      ...{ email: null, name: null, username: null, locale: null },
    });
  });

  async function notify(own: OrganizationId): Promise<NotificationId> {
    const fields = { email: 'ada@example.org', name: 'Ada', username: 'ada', locale: null };
    const [id] = await accept(store.db, own, [await makeUser(store.db, own, fields)]);
    return id as NotificationId;
  }
});
