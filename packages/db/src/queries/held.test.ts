import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChannelId, OrganizationId, ReasonCode, UserId } from '@carillon/core';
import {
  accept,
  makeChannel,
  makeOrganization,
  makeUser,
  makeUsers,
  newId,
  openTestStore,
  type TestStore,
} from '../../test/store.ts';
import { deleteCategory, upsertCategory } from './categories.ts';
import { releaseHeld } from './held.ts';
import { updateOrganization } from './organizations.ts';
import { deletePreference, upsertPreferences } from './preferences.ts';
import { clearMute, clearQuietHours, setMute, setQuietHours } from './quiet-hours.ts';
import { deleteTemplate, insertTemplate, updateTemplate } from './templates.ts';
import { deleteTemplatePreference, upsertTemplatePreference } from './template-preferences.ts';
import { updateUser, upsertUser } from './users.ts';

let store: TestStore;
let organizationId: OrganizationId;
let channelId: ChannelId;
beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
  channelId = await makeChannel(store.db, organizationId);
});
afterAll(() => store.stop());

/** One delivery for each user, held until tomorrow for `reason`. */
async function hold(
  users: readonly UserId[],
  reason: ReasonCode = 'quiet_hours',
  category = 'general',
): Promise<void> {
  const ids = await accept(store.db, organizationId, users, { category });
  await store.rows(
    `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, reason,
       not_before, scan_after)
     select gen_random_uuid(), organization_id, id, recipient_id, 'null', $3, $2,
       carillon_now() + interval '1 day', carillon_now() + interval '1 day'
     from notifications where id = any($1)`,
    [ids, reason, channelId],
  );
}

/** Of these users, how many deliveries wait and how many are due. */
async function standing(users: readonly UserId[]): Promise<{ held: number; due: number }> {
  const [row] = await store.rows(
    `select count(*) filter (where not_before > carillon_now() and scan_after > carillon_now())::int as held,
       count(*) filter (where not_before <= carillon_now() and scan_after <= carillon_now())::int as due
     from deliveries where recipient_id = any($1)`,
    [users],
  );
  return row as { held: number; due: number };
}

describe('releasing what is held', () => {
  it.each<ReasonCode>(['quiet_hours', 'muted', 'digest', 'bundled'])(
    'makes due what waits for %s',
    async (reason) => {
      const users = await makeUsers(store.db, organizationId, 2);
      await hold(users, reason);
      expect(await releaseHeld(store.db, { organizationId, userIds: users.slice(0, 1) })).toBe(1);
      expect(await standing(users)).toEqual({ held: 1, due: 1 });
      expect(await releaseHeld(store.db, { organizationId, userIds: users.slice(0, 1) })).toBe(0);
    },
  );

  it.each<ReasonCode>(['retry', 'paused'])('leaves what waits for %s', async (reason) => {
    const users = [await makeUser(store.db, organizationId)];
    await hold(users, reason);
    expect(await releaseHeld(store.db, { organizationId, userIds: users })).toBe(0);
    expect(await standing(users)).toEqual({ held: 1, due: 0 });
  });

  it("leaves another organization's", async () => {
    const users = [await makeUser(store.db, organizationId)];
    await hold(users);
    const stranger = await makeOrganization(store.db);
    expect(await releaseHeld(store.db, { organizationId: stranger, userIds: users })).toBe(0);
    expect(await releaseHeld(store.db, { organizationId: stranger })).toBe(0);
    expect(await standing(users)).toEqual({ held: 1, due: 0 });
  });

  it('moves ten thousand in one go', async () => {
    const user = await makeUser(store.db, organizationId);
    await hold([user]);
    await store.rows(
      `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, reason,
         not_before, scan_after, step)
       select gen_random_uuid(), organization_id, notification_id, recipient_id, kind, channel_id, reason,
         not_before, scan_after, n from deliveries, generate_series(1, 9999) as n where recipient_id = $1`,
      [user],
    );
    expect(await releaseHeld(store.db, { organizationId, userIds: [user] })).toBe(10_000);
    expect(await standing([user])).toEqual({ held: 0, due: 10_000 });
  });
});

describe('every change of what a user wants', () => {
  const window = { start: '22:00', end: '07:00', zone: null, days: null };
  const row = { category: '', environment: '', project: '', kind: '', enabled: true, mode: null } as const;
  type Change = (owner: { organizationId: OrganizationId; userId: UserId }) => Promise<unknown>;

  it.each<[string, Change]>([
    ['set quiet hours', (owner) => setQuietHours(store.db, owner, { ...window, urgentPasses: true })],
    ['removed quiet hours', (owner) => clearQuietHours(store.db, owner)],
    ['a mute', (owner) => setMute(store.db, owner, new Date('2999-01-01T00:00:00Z'))],
    ['the end of a mute', (owner) => clearMute(store.db, owner)],
    ['a preference', (owner) => upsertPreferences(store.db, owner, [{ ...row, id: newId(), window }])],
    [
      'a removed preference',
      async (owner) => {
        const [made] = await upsertPreferences(store.db, owner, [{ ...row, id: newId(), window }]);
        await hold([owner.userId]);
        await deletePreference(store.db, owner, String(made?.id));
      },
    ],
    [
      'a preference about a template',
      (owner) =>
        upsertTemplatePreference(store.db, owner, {
          ...{ id: newId(), templateId: newId(), kind: '', enabled: false },
        }),
    ],
    [
      'a removed preference about a template',
      async (owner) => {
        const wish = { id: newId<string>(), templateId: newId<string>(), kind: '', enabled: false } as const;
        const made = await upsertTemplatePreference(store.db, owner, wish);
        await hold([owner.userId]);
        await deleteTemplatePreference(store.db, owner, made.id);
      },
    ],
    ['another zone', ({ userId }) => updateUser(store.db, organizationId, userId, { zone: 'Pacific/Apia' })],
  ])('%s makes due what is held for the user, and for no other', async (_, change) => {
    const [userId, other] = (await makeUsers(store.db, organizationId, 2)) as [UserId, UserId];
    await hold([userId, other]);
    await change({ organizationId, userId });
    expect((await standing([userId])).held).toBe(0);
    expect(await standing([other])).toEqual({ held: 1, due: 0 });
  });

  it('another zone by an external id makes due what is held; another name and the same zone do not', async () => {
    const write = (fields: { zone?: string; name?: string }) =>
      upsertUser(store.db, {
        ...{ id: newId<UserId>(), organizationId, fields: { externalId: 'mover', ...fields } },
      });
    const { user } = await write({ zone: 'Europe/Berlin' });
    await hold([user.id]);
    await write({ zone: 'Europe/Berlin', name: 'Mover' });
    expect(await standing([user.id])).toEqual({ held: 1, due: 0 });
    await write({ zone: 'Asia/Tokyo' });
    expect(await standing([user.id])).toEqual({ held: 0, due: 1 });
  });

  it('another zone of the organization makes due what is held in it', async () => {
    const users = await makeUsers(store.db, organizationId, 2);
    await hold(users);
    await updateOrganization(store.db, organizationId, { name: 'Same zone' });
    expect(await standing(users)).toEqual({ held: 2, due: 0 });
    await updateOrganization(store.db, organizationId, { zone: 'Europe/Berlin' });
    expect(await standing(users)).toEqual({ held: 0, due: 2 });
  });

  it('a template that is switched or removed makes due what is held of it; another name does not', async () => {
    const user = await makeUser(store.db, organizationId);
    const templateId = newId<string>();
    await insertTemplate(store.db, { id: templateId, organizationId, key: `t-${templateId}`, name: 'T' });
    const ref = { by: 'id', id: templateId } as const;
    const changes: [() => Promise<unknown>, number][] = [
      [() => updateTemplate(store.db, organizationId, ref, { name: 'Other' }), 0],
      [() => updateTemplate(store.db, organizationId, ref, { enabled: false }), 1],
      [() => deleteTemplate(store.db, organizationId, ref), 1],
    ];
    for (const [change, due] of changes) {
      await store.rows('delete from deliveries where recipient_id = $1', [user]);
      await hold([user]);
      await store.rows('update notifications set template_id = $2 where recipient_id = $1', [
        user,
        templateId,
      ]);
      await change();
      expect(await standing([user])).toEqual({ held: 1 - due, due });
    }
  });

  it('a changed and a removed category make due what is held of it, and nothing else', async () => {
    const [news, other] = (await makeUsers(store.db, organizationId, 2)) as [UserId, UserId];
    for (const change of [
      () => upsertCategory(store.db, organizationId, 'news', { quietMode: 'drop' }),
      () => deleteCategory(store.db, organizationId, 'news'),
    ]) {
      await hold([news], 'digest', 'news');
      await hold([other], 'digest', 'other');
      await change();
      expect((await standing([news])).held).toBe(0);
      expect((await standing([other])).due).toBe(0);
    }
  });
});
