import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listProjectFiles } from './check/project-files.mjs';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const rootPath = fileURLToPath(root);
const documents = listProjectFiles(rootPath).filter(({ path }) => path.endsWith('.md'));
const decisions = readdirSync(new URL('docs/decisions/', root));

/** What a document links to or shows, in Markdown and in HTML, but not in its blocks of code. */
const links = documents.flatMap(({ path, text }) => {
  const prose = text.replaceAll(/^( *)(`{3,}).*\n[^]*?^ *\2 *$/gm, '').replaceAll(/`[^`\n]*`/g, 'code');
  const found = [
    ...prose.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g),
    ...prose.matchAll(/<(?:img|a)\b[^>]*?\b(?:src|href)="([^"]+)"/g),
  ];
  return found.map(([, to = '']) => ({ path, to })).filter(({ to }) => !/^(?:https?:|mailto:)/.test(to));
});

/** Headings as the anchors that they become where Markdown is shown: as GitHub makes them. */
function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  return [...text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

describe('documents', () => {
  it('link only to files that exist', () => {
    const broken = links.filter(
      ({ path, to }) =>
        !to.startsWith('#') && !existsSync(new URL(to.replace(/#.*/, ''), new URL(path, root))),
    );
    expect(broken).toEqual([]);
    expect(links.length).toBeGreaterThan(100);
  });

  it('link only to headings that exist', () => {
    const broken = links.filter(({ path, to }) => {
      const [file = '', anchor] = to.split('#');
      const target =
        file === '' ? path : relative(rootPath, fileURLToPath(new URL(file, new URL(path, root))));
      const text = documents.find((document) => document.path === target.split(sep).join('/'))?.text;
      return anchor !== undefined && text !== undefined && !anchorsOf(text).includes(anchor);
    });
    expect(broken).toEqual([]);
    expect(links.filter(({ to }) => to.includes('#')).length).toBeGreaterThan(10);
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
