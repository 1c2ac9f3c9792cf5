import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrganizationId, SystemTemplate } from '@carillon/core';
import { makeOrganization, newId, openTestStore, type TestStore } from '../../test/store.ts';
import { inTransaction } from '../transactions.ts';
import { insertSystemTemplates, listOrganizationsLacking } from './system-templates.ts';
import { getTemplateVersion } from './template-versions.ts';
import {
  deleteTemplate,
  getTemplate,
  insertTemplate,
  listTemplates,
  resolveTemplates,
  updateTemplate,
} from './templates.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.stop());

function template(key: string, changes: Partial<SystemTemplate> = {}): SystemTemplate {
  return {
    ...{ id: newId(), key, name: `The ${key}`, source: 'system', group: 'Events', category: 'builds' },
    ...{ defaultEnabled: null, title: 'Hi {{labels.a}}', body: '**{{labels.a}}**' },
    ...{ actions: [{ label: 'Open', url: '/{{labels.a}}' }], sampleData: { labels: { a: 'x' } } },
    ...changes,
  };
}

const insert = (of: readonly OrganizationId[], templates: readonly SystemTemplate[]): Promise<number> =>
  inTransaction(store.db, (db) => insertSystemTemplates(db, of, templates));
const get = (of: OrganizationId, id: string) => getTemplate(store.db, of, { by: 'id', id });
const versions = (id: string) =>
  store.rows('select * from template_versions where template_id = $1 order by organization_id', [id]);

describe('templates that come with Carillon', () => {
  it('are the same in every organization, published, and go out by one method', async () => {
    const organizations = [await makeOrganization(store.db), await makeOrganization(store.db)];
    const custom = template('told', { source: 'custom', defaultEnabled: false });
    const given = [template('happened'), custom];
    expect(await insert(organizations, given)).toBe(4);
    for (const of of organizations) {
      const [first, second] = await listTemplates(store.db, of, { limit: 10 });
      expect(first).toMatchObject({
        ...{ id: given[0]?.id, key: 'happened', name: 'The happened', source: 'system', category: 'builds' },
        ...{ group_name: 'Events', default_enabled: null, single_method: true, dispatch_method: null },
        ...{ enabled: true, published_version: 1, latest_version: 1 },
      });
      expect(second).toMatchObject({ id: custom.id, source: 'custom', default_enabled: false });
      const version = await getTemplateVersion(
        store.db,
        { organizationId: of, templateId: given[0]?.id ?? '' },
        1,
      );
      expect(version).toMatchObject({
        variants: [
          {
            ...{ kind: '', locale: '', title: 'Hi {{labels.a}}', body: '**{{labels.a}}**' },
            ...{ actions: [{ label: 'Open', url: '/{{labels.a}}' }], url: null, icon: null },
          },
        ],
        ...{ sample_data: { labels: { a: 'x' } }, created_by: null, published_at: expect.any(Date) },
      });
    }
    const ref = { by: 'id' as const, id: custom.id };
    const query = { ordinal: 0, organizationId: organizations[1] ?? newId(), ref };
    const found = await resolveTemplates(store.db, [query]);
    expect(found.get(0)).toMatchObject({ id: custom.id, version: 1 });
  });

  it('are written once, also by many processes at once', async () => {
    const organizations = [await makeOrganization(store.db), await makeOrganization(store.db)];
    const given = Array.from({ length: 10 }, (_, index) => template(`t${index}`));
    const counts = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        insert(
          index % 2 === 0 ? organizations : [...organizations].reverse(),
          index % 3 === 0 ? given : [...given].reverse(),
        ),
      ),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
    expect(await versions(given[3]?.id ?? '')).toHaveLength(2);
    expect(await insert(organizations, given)).toBe(0);
  });

  it('stay as an organization changed them, and stay deleted', async () => {
    const of = await makeOrganization(store.db);
    const [changed, gone] = [template('changed'), template('gone', { source: 'custom' })];
    await insert([of], [changed, gone]);
    await updateTemplate(store.db, of, { by: 'id', id: changed.id }, { name: 'Ours', enabled: false });
    await deleteTemplate(store.db, of, { by: 'id', id: gone.id });
    const newer = [{ ...changed, title: 'Other' }, gone, template('added')];
    expect(await insert([of], newer)).toBe(1);
    expect(await get(of, changed.id)).toMatchObject({ name: 'Ours', enabled: false });
    expect(await versions(changed.id)).toMatchObject([{ version: 1, variants: [{ title: changed.title }] }]);
    await expect(get(of, gone.id)).rejects.toMatchObject({ code: 'template.not_found' });
  });

  it('come under another key where an organization uses theirs', async () => {
    const of = await makeOrganization(store.db);
    const own = newId();
    await insertTemplate(store.db, { id: own, organizationId: of, key: 'taken', name: 'Own' });
    const ours = template('taken');
    expect(await insert([of], [ours])).toBe(1);
    expect(await get(of, ours.id)).toMatchObject({ key: `taken-${ours.id.slice(0, 8)}` });
    expect(await get(of, own)).toMatchObject({ key: 'taken', name: 'Own' });
  });
});

describe('listOrganizationsLacking', () => {
  it('names in pages those that lack one of them, whatever else they have', async () => {
    const all: OrganizationId[] = [];
    for (let made = 0; made < 4; made += 1) all.push(await makeOrganization(store.db));
    const [complete = newId(), partly = newId(), deleted = newId(), bare = newId()] = all;
    const [one, two] = [template('one'), template('two', { source: 'custom' })];
    await insert([complete, deleted], [one, two, template('three')]);
    await insert([partly], [one, template('four')]);
    await deleteTemplate(store.db, deleted, { by: 'id', id: two.id });
    const ids = [one.id, two.id];
    const first = await listOrganizationsLacking(store.db, ids, { limit: 1_000 });
    expect(first.filter((id) => all.includes(id))).toEqual([partly, bare]);
    expect(first).toEqual([...first].sort());
    const [head, next] = [first[0], first[1]];
    expect(await listOrganizationsLacking(store.db, ids, { limit: 1 })).toEqual([head]);
    expect(await listOrganizationsLacking(store.db, ids, { limit: 1, afterId: head })).toEqual([next]);
  });
});
