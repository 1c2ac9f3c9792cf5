import { describe, expect, it } from '@jest/globals';
import {
  checkContent,
  createContentCache,
  markdownToHtml,
  markdownToText,
  renderNotification,
  type RenderContext,
  type RenderedNotification,
  type SystemTemplate,
} from '@carillon/core';
import { coderTemplates, customTemplate } from './index.ts';

/** The contract's ids by our keys: Coder's clients have them built in. */
const ids = {
  'coder-workspace-created': '281fdf73-c6d6-4cbb-8ff5-888baf8a2fff',
  'coder-workspace-manually-updated': 'd089fe7b-d5c5-4c0c-aaf5-689859f7d392',
  'coder-workspace-deleted': 'f517da0b-cdc9-410f-ab89-a86107c420ed',
  'coder-workspace-autobuild-failed': '381df2a9-c0c0-4749-420f-80a9280c66f9',
  'coder-workspace-manual-build-failed': '2faeee0f-26cb-4e96-821c-85ccb9f71513',
  'coder-workspace-dormant': '0ea69165-ec14-4314-91f1-69566ac3c5a0',
  'coder-workspace-auto-updated': 'c34a0c09-0704-4cac-bd1c-0c0146811c2b',
  'coder-workspace-marked-for-deletion': '51ce2fdf-c9ca-4be1-8d70-628674f9bc42',
  'coder-workspace-out-of-memory': 'a9d027b4-ac49-4fb1-9f6d-45af15f64e7a',
  'coder-workspace-out-of-disk': 'f047f6a3-5713-40f7-85aa-0394cce9fa3a',
  'coder-user-account-created': '4e19c0ac-94e1-4532-9515-d1801aa283b2',
  'coder-user-account-deleted': 'f44d9314-ad03-4bc8-95d0-5cad491da6b6',
  'coder-user-account-suspended': 'b02ddd82-4733-4d02-a2d7-c36f3598997d',
  'coder-user-account-activated': '9f5af851-8408-4e73-a7a1-c6502ba46689',
  'coder-your-account-suspended': '6a2f0609-9b69-4d36-a989-9f5925b6cbff',
  'coder-your-account-activated': '1a6a6bea-ee0a-43e2-9e7c-eabdb53730e4',
  'coder-one-time-passcode': '62f86a30-2330-4b61-a26d-311ff3b608cf',
  'coder-template-deleted': '29a09665-2a4c-403f-9648-54301670e7be',
  'coder-template-deprecated': 'f40fae84-55a2-42cd-99fa-b41c1ca64894',
  'coder-template-builds-failed-report': '34a20db2-e9cc-4a93-b0e4-8569699d7a00',
  'coder-custom': '39b1e189-c857-4b0c-877a-511144c18516',
  'coder-test': 'c425f63e-716a-4bf4-ae24-78348f706c3f',
};

const cache = createContentCache({ countMax: 100, bytesMax: 1_000_000 });
const organization = { name: 'Example', locale: 'en', zone: 'UTC' };
const ada: RenderContext = { user: { name: 'Ada', username: 'ada' }, organization };
const nameless: RenderContext = { user: { name: null, username: null }, organization };

function render(
  content: SystemTemplate,
  data: Record<string, unknown> = content.sampleData,
  context = ada,
): RenderedNotification {
  const result = renderNotification(cache, { content, data, context });
  if (result.outcome === 'failed') throw new Error(result.detail);
  return result;
}

describe("Coder's templates", () => {
  it('are those that its clients know, each once', () => {
    expect(Object.fromEntries(coderTemplates.map(({ key, id }) => [key, id]))).toEqual(ids);
    expect(coderTemplates).toHaveLength(Object.keys(ids).length);
    expect(new Set(coderTemplates.map(({ name }) => name)).size).toBe(coderTemplates.length);
  });

  it('are of the system and on by default, but for these', () => {
    const keysOf = (is: (template: SystemTemplate) => boolean) =>
      coderTemplates.filter(is).map(({ key }) => key);
    expect(keysOf(({ source }) => source === 'custom')).toEqual(['coder-custom']);
    expect(keysOf(({ defaultEnabled }) => defaultEnabled !== null)).toEqual([
      ...['coder-workspace-created', 'coder-workspace-manually-updated'],
    ]);
  });

  it.each([
    { group: 'Workspace Events', category: 'workspaces', count: 10 },
    { group: 'User Events', category: 'accounts', count: 7 },
    { group: 'Template Events', category: 'templates', count: 3 },
    { group: 'Custom Events', category: 'general', count: 1 },
    { group: 'Notification Events', category: 'general', count: 1 },
  ])('has $count under $group', ({ group, category, count }) => {
    const those = coderTemplates.filter((one) => one.group === group);
    expect(those.map((one) => one.category)).toEqual(Array(count).fill(category));
  });
});

describe.each(coderTemplates)('$key', (template) => {
  it('compiles, and its sample has every label that its texts read and no other', () => {
    const { problems, variables } = checkContent(template);
    expect(problems).toEqual([]);
    const labels = Object.keys(template.sampleData['labels'] ?? {}).map((name) => `labels.${name}`);
    expect(variables.filter((path) => !path.startsWith('user.'))).toEqual(labels.sort());
  });

  it.each([
    { reader: 'a reader with a name', context: ada },
    { reader: 'a reader of whom nothing is known', context: nameless },
  ])('says all to $reader', ({ context }) => {
    const { title, body, actions, missing, cut } = render(template, template.sampleData, context);
    expect({ missing, cut, actions: actions.length }).toEqual({
      ...{ missing: [], cut: [], actions: template.actions.length },
    });
    expect(markdownToText(title)).toBe(title);
    expect(title.length).toBeLessThanOrEqual(100);
    expect(body).not.toMatch(/[<>]|\n{3}|{{|\n$/);
    expect(markdownToHtml(body)).not.toContain('&lt;');
  });

  it('leads to the site that the sender names, else to a path, never elsewhere', () => {
    const sample = Object.entries(template.sampleData['labels'] ?? {});
    const labels = Object.fromEntries(sample.filter(([name]) => name !== 'base_url'));
    const hostile = { ...labels, base_url: 'javascript:alert(1)//' };
    for (const given of [labels, hostile]) {
      const urls = render(template, { labels: given }).actions.map(({ url }) => url);
      expect(urls).toHaveLength(template.actions.length);
      expect(urls.filter((url) => !/^\/[@a-z]/.test(url))).toEqual([]);
    }
  });
});

describe('what senders put in', () => {
  const hostile = '[x](javascript:alert(1)) <b> **bold** ![i](https://x.example/i.png)';
  const labelsOf = ({ sampleData }: SystemTemplate) =>
    Object.keys(sampleData['labels'] ?? {}).filter((name) => name !== 'base_url');

  it.each(coderTemplates)('is text and nothing else in $key', (template) => {
    const labels = Object.fromEntries(labelsOf(template).map((name) => [name, hostile] as const));
    const { title, body } = render(template, { labels });
    const html = markdownToHtml(body);
    expect(html).not.toMatch(/<(?!\/?(?:p|strong|br)>)/);
    expect(html).not.toContain('<strong>bold');
    const shown = `${title}\n${markdownToText(body)}`.split(hostile).length - 1;
    expect(shown).toBeGreaterThanOrEqual(labelsOf(template).length > 0 ? 1 : 0);
  });

  it('is the whole of a custom notification', () => {
    const labels = { custom_title: hostile, custom_message: hostile };
    const { title, body } = render(customTemplate, { labels });
    expect([title, markdownToText(body)]).toEqual([hostile, hostile]);
  });
});
