import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listProjectFiles } from './check/project-files.mjs';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const documents = listProjectFiles(fileURLToPath(root)).filter(({ path }) => path.endsWith('.md'));
const decisions = readdirSync(new URL('docs/decisions/', root));

describe('documents', () => {
  it('link only to files that exist', () => {
    const links = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)].map((match) => ({
        path,
        to: match[1] ?? '',
      })),
    );
    const broken = links.filter(({ path, to }) => !existsSync(new URL(to, new URL(path, root))));
    expect(broken).toEqual([]);
    expect(links.length).toBeGreaterThan(10);
  });

  it.each(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CODE_OF_CONDUCT.md', 'docs/operations.md'])(
    'has %s, with one title',
    (path) => {
      expect(read(path).match(/^# .+/gm)).toHaveLength(1);
    },
  );

  it('keeps a place for what is not released yet in the changelog', () => {
    expect(read('CHANGELOG.md')).toMatch(/^## Unreleased$/m);
  });

  it('draws every workspace in the floor plan', () => {
    const plan = read('docs/floorplan.md');
    const workspaces = ['packages', 'services'].flatMap((folder) =>
      readdirSync(new URL(folder, root)).map((name) => `${folder}/${name}`),
    );
    expect(workspaces.filter((path) => !plan.includes(`["${path}`))).toEqual([]);
  });

  it('names the oldest Node that package.json allows', () => {
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    const oldest = engines.node.replace('>=', '');
    expect(read('docs/compatibility.md').replace(/ +/g, ' ')).toContain(`| Node.js | ${oldest} or later`);
    expect(read('CONTRIBUTING.md')).toContain(`Node ${oldest} or later`);
  });

  it('carries the whole licence that package.json names', () => {
    const licence = read('LICENSE');
    expect(licence).toContain('Apache License');
    expect(licence).toContain('END OF TERMS AND CONDITIONS');
    expect((JSON.parse(read('package.json')) as { license: string }).license).toBe('Apache-2.0');
  });
});

describe('records of decisions', () => {
  it('are numbered without a gap', () => {
    expect(decisions.map((name) => Number(name.slice(0, 4)))).toEqual(decisions.map((_name, index) => index));
  });

  it.each(decisions)('%s follows the template', (name) => {
    const headings = (text: string) => text.match(/^## .+/gm);
    const text = read(`docs/decisions/${name}`);
    expect(headings(text)).toEqual(headings(read('docs/decisions/0000-template.md')));
    expect(text).toMatch(new RegExp(`^# ${name.slice(0, 4)}: .+`));
    expect(text).toMatch(/^Status: (?:proposed|accepted|replaced by \d{4})/m);
  });
});
