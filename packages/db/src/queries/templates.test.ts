import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrganizationId, UserId } from '@carillon/core';
import { explainQueries } from '../../test/statements.ts';
import {
  accept,
  makeOrganization,
  makeUser,
  newId,
  openTestStore,
  type TestStore,
} from '../../test/store.ts';
import { inOrganization, inTransaction } from '../transactions.ts';
import { claimUndispatched } from './dispatch.ts';
import { deleteTemplatePart, listTemplateParts, loadPartials, putTemplatePart } from './template-parts.ts';
import {
  getTemplateVersion,
  insertTemplateVersion,
  listTemplateVersions,
  publishTemplateVersion,
  type NewTemplateVersion,
} from './template-versions.ts';
import {
  deleteTemplate,
  getTemplate,
  insertTemplate,
  listTemplates,
  loadTemplateVersions,
  lockTemplate,
  resolveTemplates,
  updateTemplate,
  versionKey,
  type TemplateFields,
} from './templates.ts';

let store: TestStore;
let organizationId: OrganizationId;
let author: UserId;

beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
  author = await makeUser(store.db, organizationId);
});
afterAll(() => store.stop());

async function make(key: string, fields: TemplateFields = {}, of = organizationId): Promise<string> {
  const id = newId();
  await insertTemplate(store.db, { ...fields, id, organizationId: of, key, name: key });
  return id;
}

function addVersion(id: string, changes: Partial<NewTemplateVersion> = {}): Promise<number> {
  return inTransaction(store.db, async (db) => {
    const template = await lockTemplate(db, organizationId, { by: 'id', id });
    const added = await insertTemplateVersion(db, template, {
      ...{ variants: [variant('Hello {{name}}')], layout: undefined, dataSchema: undefined, sampleData: {} },
      ...{ onMissing: 'empty', createdBy: author },
      ...changes,
    });
    return added.version;
  });
}

function variant(title: string) {
  return { ...{ kind: '' as const, locale: '', title, body: '', actions: [] }, url: null, icon: null };
}

const load = async (templateId: string, version: number) =>
  (await loadTemplateVersions(store.db, [ref(templateId, version)])).get(
    versionKey(ref(templateId, version)),
  );

function ref(templateId: string, version: number) {
  return { organizationId, templateId, version };
}

describe('templates', () => {
  it('have a key once, and give it back when they are deleted', async () => {
    const id = await make('once');
    await expect(make('once')).rejects.toMatchObject({ code: 'template.key_taken' });
    await expect(make('once', {}, await makeOrganization(store.db))).resolves.toBeDefined();
    await deleteTemplate(store.db, organizationId, { by: 'key', key: 'once' });
    await expect(getTemplate(store.db, organizationId, { by: 'id', id })).rejects.toMatchObject({
      code: 'template.not_found',
    });
    await expect(make('once')).resolves.not.toBe(id);
  });

  it('change only what is named, and nothing of another organization', async () => {
    const id = await make('change', { urgent: true, kinds: ['email'], defaultEnabled: false });
    const changed = await updateTemplate(
      store.db,
      organizationId,
      { by: 'id', id },
      { name: 'New', kinds: null },
    );
    expect(changed).toMatchObject({ name: 'New', kinds: null, urgent: true, default_enabled: false });
    const elsewhere = await makeOrganization(store.db);
    await expect(updateTemplate(store.db, elsewhere, { by: 'id', id }, { name: 'x' })).rejects.toMatchObject({
      code: 'template.not_found',
    });
  });

  it('that came with Carillon cannot be deleted', async () => {
    const id = await make('seeded');
    await store.rows(`update templates set source = 'system' where id = $1`, [id]);
    await expect(deleteTemplate(store.db, organizationId, { by: 'id', id })).rejects.toMatchObject({
      code: 'template.is_system',
    });
  });

  it('are listed by key in pages of both directions', async () => {
    const of = await makeOrganization(store.db);
    for (const key of ['c', 'a', 'd', 'b']) await make(key, {}, of);
    const keys = async (direction?: 'next' | 'prev') => {
      const edge = direction === undefined ? undefined : { key: 'b', direction };
      return (await listTemplates(store.db, of, { limit: 2, edge })).map((one) => one.key);
    };
    expect([await keys(), await keys('next'), await keys('prev')]).toEqual([['a', 'b'], ['c', 'd'], ['a']]);
  });

  it('are invisible to the role of requests within another organization', async () => {
    const id = await make('walled');
    const api = store.connect('carillon_api', 2);
    const seen = await inOrganization(api, await makeOrganization(store.db), (db) =>
      db.selectFrom('templates').select('id').where('id', '=', id).execute(),
    );
    expect(seen).toEqual([]);
  });
});

describe('versions', () => {
  it('count from 1, two that are added at once too', async () => {
    const id = await make('counted');
    const versions = await Promise.all([addVersion(id), addVersion(id), addVersion(id)]);
    expect(versions.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    const listed = await listTemplateVersions(store.db, { organizationId, templateId: id }, { limit: 2 });
    expect(listed.map((one) => one.version)).toEqual([3, 2]);
    expect((await getTemplate(store.db, organizationId, { by: 'id', id })).latest_version).toBe(3);
    await expect(getTemplateVersion(store.db, { organizationId, templateId: id }, 4)).rejects.toMatchObject({
      code: 'template.version_not_found',
    });
  });

  it('say the same after publishing, whatever becomes of the partials and the layout', async () => {
    const id = await make('frozen');
    await putTemplatePart(store.db, organizationId, { part: 'layout', key: 'page' }, 'now {{> @content}}');
    await putTemplatePart(store.db, organizationId, { part: 'partial', key: 'foot' }, 'now');
    const version = await addVersion(id, { layout: 'page' });
    expect(await load(id, version)).toMatchObject({
      ...{ published: false, layout: 'now {{> @content}}', partials: { foot: 'now' } },
    });
    const frozen = { partials: { foot: 'then' }, layoutSource: 'then {{> @content}}' };
    await publishTemplateVersion(store.db, ref(id, version), frozen);
    await publishTemplateVersion(store.db, ref(id, version), { partials: {}, layoutSource: undefined });
    expect(await load(id, version)).toMatchObject({
      ...{ published: true, layout: 'then {{> @content}}', partials: { foot: 'then' } },
    });
  });

  it('are loaded many in one statement, with what their template says now', async () => {
    const [first, second] = [await make('load-1', { urgent: true }), await make('load-2')];
    await Promise.all([addVersion(first), addVersion(second)]);
    await addVersion(first, { variants: [variant('Second')], onMissing: 'refuse' });
    await updateTemplate(store.db, organizationId, { by: 'id', id: first }, { enabled: false });
    const refs = [
      ...[1, 2].map((version) => ref(first, version)),
      ...[1, 2].map((version) => ref(second, version)),
    ];
    const loaded = await loadTemplateVersions(store.db, refs);
    expect([...loaded.keys()].toSorted()).toEqual(
      [ref(first, 1), ref(first, 2), ref(second, 1)].map(versionKey).toSorted(),
    );
    expect(loaded.get(versionKey(ref(first, 2)))).toMatchObject({
      ...{ key: 'load-1', enabled: false, urgent: true, onMissing: 'refuse' },
      variants: [{ title: 'Second' }],
    });
    await deleteTemplate(store.db, organizationId, { by: 'id', id: second });
    expect(await load(second, 1)).toMatchObject({ key: 'load-2', enabled: false });
  });
});

describe('partials and layouts', () => {
  it('are replaced, listed and deleted by part and key', async () => {
    const of = await makeOrganization(store.db);
    const write = (part: 'partial' | 'layout', key: string, source: string) =>
      putTemplatePart(store.db, of, { part, key }, source);
    await write('partial', 'a', '1');
    await write('partial', 'a', '2');
    await write('layout', 'a', '3');
    expect(await loadPartials(store.db, of)).toEqual({ a: '2' });
    expect((await listTemplateParts(store.db, of)).map((one) => one.part)).toEqual(['layout', 'partial']);
    await deleteTemplatePart(store.db, of, { part: 'partial', key: 'a' });
    expect(await loadPartials(store.db, of)).toEqual({});
    await expect(deleteTemplatePart(store.db, of, { part: 'partial', key: 'a' })).rejects.toMatchObject({
      code: 'template.part_not_found',
    });
  });

  it('are at most 200, and one that exists can be replaced even then', async () => {
    const of = await makeOrganization(store.db);
    await store.rows(
      `insert into template_parts (organization_id, part, key, source)
       select $1, 'partial', 'p' || n, '' from generate_series(1, 200) n`,
      [of],
    );
    expect(await putTemplatePart(store.db, of, { part: 'layout', key: 'p1' }, 'x')).toBeUndefined();
    expect(await putTemplatePart(store.db, of, { part: 'partial', key: 'p1' }, 'x')).toMatchObject({
      source: 'x',
    });
  });
});

describe('resolveTemplates', () => {
  it('finds the published version by id and key, and nothing of another organization', async () => {
    const id = await make('resolve', { kinds: ['email'], category: 'builds' });
    const dataSchema = { type: 'object' };
    await addVersion(id, { dataSchema });
    await addVersion(id);
    const elsewhere = await makeOrganization(store.db);
    const queries = [
      { ordinal: 0, organizationId, ref: { by: 'key', key: 'resolve' } },
      { ordinal: 1, organizationId, ref: { by: 'id', id }, version: 2 },
      { ordinal: 2, organizationId: elsewhere, ref: { by: 'id', id } },
      { ordinal: 3, organizationId, ref: { by: 'key', key: 'nobody' } },
    ] as const;
    expect((await resolveTemplates(store.db, queries)).get(0)).toMatchObject({ id, version: null });
    await publishTemplateVersion(store.db, ref(id, 1), { partials: {}, layoutSource: undefined });
    const found = await resolveTemplates(store.db, queries);
    expect(new Set(found.keys())).toEqual(new Set([0, 1]));
    expect(found.get(0)).toEqual({
      ...{ id, version: 1, category: 'builds', urgent: false, kinds: ['email'], dataSchema },
    });
    expect(found.get(1)).toMatchObject({ version: 2, dataSchema: null });
  });

  it('is one statement for all requests, and none when nobody names a template', async () => {
    const id = await make('explained');
    const plan = await explainQueries(store, async (db) => {
      await resolveTemplates(db, []);
      await resolveTemplates(db, [
        { ordinal: 0, organizationId, ref: { by: 'key', key: 'explained' } },
        { ordinal: 1, organizationId, ref: { by: 'id', id } },
      ]);
    });
    expect(plan.match(/CTE input/g)?.length).toBe(1);
  });
});

describe('accepting with a template and an instant', () => {
  it('stores both, and leaves the row alone until then', async () => {
    const id = await make('accepted');
    const sendAt = new Date(Date.now() + 3_600_000);
    const user = await makeUser(store.db, organizationId);
    const [later, now] = [
      await accept(store.db, organizationId, [user], { template: { id, version: 7 }, title: '', sendAt }),
      await accept(store.db, organizationId, [user]),
    ];
    const rows = await store.rows(
      `select template_id, template_version, title, send_at, hint_after from notifications where id = $1`,
      [later[0]],
    );
    expect(rows).toEqual([
      { template_id: id, template_version: 7, title: '', send_at: sendAt, hint_after: sendAt },
    ]);
    const claimed = await claimUndispatched(store.db, { organizationsMax: 10, perOrganization: 1000 });
    const ids = claimed.map((one) => one.id);
    expect(ids).toContain(now[0]);
    expect(ids).not.toContain(later[0]);
  });
});
