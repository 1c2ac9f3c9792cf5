import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { checkFile } from './own-rules.mjs';
import { isIgnored } from './project-files.mjs';

// Put together here, so that this file does not trip the rules it tests.
const home = ['', 'home', 'ada', 'carillon'].join('/');
const checkout = ['', 'work', 'main'].join('/');
const registry = ['registry', 'example', 'org'].join('.');
const mirror = ['mirror', 'example'].join('.');

const rulesOf = (path: string, text: string) =>
  checkFile({ path, text }).map(({ rule, line }) => `${rule}:${line}`);

describe('rules for files', () => {
  it.each([
    {
      name: 'finds a file that is too long',
      path: 'packages/a/src/b.ts',
      text: '\n'.repeat(351),
      found: ['file-length:351'],
    },
    {
      name: 'lets a file of exactly the limit pass',
      path: 'packages/a/src/b.ts',
      text: '\n'.repeat(350),
      found: [],
    },
    { name: 'does not measure documents', path: 'docs/a.md', text: '\n'.repeat(2000), found: [] },
    {
      name: 'finds a name without a subject',
      path: 'packages/a/src/utils.ts',
      text: '',
      found: ['file-name:1'],
    },
    {
      name: 'finds it inside a longer name',
      path: 'packages/a/src/user-service.ts',
      text: '',
      found: ['file-name:1'],
    },
    {
      name: 'finds it in a folder',
      path: 'packages/a/src/helpers/zone.ts',
      text: '',
      found: ['file-name:1'],
    },
    { name: 'finds types.ts', path: 'packages/a/src/types.ts', text: '', found: ['file-name:1'] },
    {
      name: 'finds a name that is not in kebab-case',
      path: 'packages/a/src/userZone.ts',
      text: '',
      found: ['file-name:1'],
    },
    {
      name: 'lets a word with a subject pass',
      path: 'packages/cli/src/service-process.ts',
      text: '',
      found: [],
    },
    {
      name: 'knows the folder of the services',
      path: 'services/api/src/user-zone.test.ts',
      text: '',
      found: [],
    },
    {
      name: 'knows numbered migrations',
      path: 'packages/db/src/migrations/0001_store.ts',
      text: '',
      found: [],
    },
    {
      name: 'finds a path of a home',
      path: 'docs/a.md',
      text: `first\nsee ${home}\n`,
      found: ['machine-path:2'],
    },
    {
      name: 'finds a path of a checkout',
      path: '.ci/run',
      text: `cd ${checkout}`,
      found: ['machine-path:1'],
    },
    {
      name: 'leaves addresses and relative paths alone',
      path: 'a.md',
      text: ['https://example.com', 'home', 'x ./work', 'x ', 'worker'].join('/'),
      found: [],
    },
    {
      name: 'finds a package registry',
      path: '.npmrc',
      text: `x=https://${registry}/`,
      found: ['registry-host:1'],
    },
    {
      name: 'finds a host in the lock file',
      path: 'package-lock.json',
      text: JSON.stringify({ packages: { 'node_modules/a': { resolved: `https://${mirror}/a.tgz` } } }),
      found: ['lock-host:1'],
    },
    {
      name: 'lets a workspace stand in the lock file',
      path: 'package-lock.json',
      text: '{ "packages": { "node_modules/a": { "resolved": "packages/a", "link": true } } }',
      found: [],
    },
    {
      name: 'finds a lock file without the packages of other platforms',
      path: 'package-lock.json',
      text: '{ "packages": { "node_modules/a": { "optionalDependencies": { "@a/win32-x64": "1.0.0" } } } }',
      found: ['lock-platforms:1'],
    },
  ])('$name', ({ path, text, found }) => {
    expect(rulesOf(path, text)).toEqual(found);
  });

  it('skips exactly what git ignores', () => {
    const ignored = readFileSync(new URL('../../.gitignore', import.meta.url), 'utf8').split('\n');
    const names = ignored
      .filter((line) => line !== '')
      .map((line) => line.replace(/\/$/, '').replace('*', 'some'));
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => !isIgnored(name))).toEqual([]);
    expect(['src', 'docs', '.ci', '.env.example'].filter(isIgnored)).toEqual([]);
  });
});
