import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { buildServices, temporaryDir } from '@carillon/testkit';

// Liveness, not speed: compilers and npm run.
jest.setTimeout(240_000);

const root = fileURLToPath(new URL('../../..', import.meta.url));
const names = ['client', 'inbox', 'react'] as const;
const typesProblems = join(root, 'packages', 'client', 'scripts', 'types-problems.mjs');

/** What users write, with the types that it must have. */
const product = `
import { createElement, type ReactElement } from 'react';
import { Bell, CarillonProvider, useCarillon, useConnection, useCounts, useInbox, usePreferences } from '@carillon/react';
import { CarillonInbox } from '@carillon/inbox';

export function Product(): ReactElement {
  const token = async (): Promise<string> => 'token';
  return createElement(CarillonProvider, { url: 'https://carillon.example.com', token, user: 'ada' },
    createElement(Bell, { onOpenItem: (item) => item.url === null, texts: { title: 'News' } }), createElement(Own));
}
function Own(): ReactElement {
  const { items, readAll } = useInbox({ status: 'unread', onArrive: (news) => console.log(news.length) });
  const unread: number | undefined = useCounts()?.unread;
  const { status } = useConnection();
  const { table, set } = usePreferences();
  console.log(useCarillon().inbox, readAll, unread, status.state, table[0]?.kind, set({ enabled: false }));
  // @ts-expect-error -- there is no such status
  useInbox({ status: 'new' });
  return createElement('p', null, items[0]?.title);
}
const element: CarillonInbox = document.createElement('carillon-inbox');
element.token = async () => 'token';
// @ts-expect-error -- a number of items
element.limit = 'all';
`;

let place: string;
let project: string;
const tarballs: string[] = [];

function run(program: string, args: string[], cwd: string): string {
  try {
    return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(' ')}:\n${stdout}\n${stderr}`, { cause: error });
  }
}

const publishedOf = (name: string): string => join(place, name);
const versionOf = (library: string): string =>
  JSON.parse(readFileSync(join(root, 'node_modules', library, 'package.json'), 'utf8')).version;

beforeAll(async () => {
  await buildServices();
  place = mkdtempSync(join(temporaryDir(), 'carillon-packages-'));
  project = join(place, 'project');
  mkdirSync(project);
  run(process.execPath, [join(root, 'scripts', 'publishable.mjs'), '--out', place, ...names], root);
  for (const name of names) {
    const packed = run('npm', ['pack', '--json', '--pack-destination', place], publishedOf(name));
    tarballs.push(join(place, JSON.parse(packed)[0].filename));
  }
  writeFileSync(join(project, 'package.json'), '{"name":"product","private":true,"type":"module"}');
  const react = ['react', 'react-dom', '@types/react'].map((library) => `${library}@${versionOf(library)}`);
  const options = ['--prefer-offline', '--no-audit', '--no-fund'];
  run('npm', ['install', ...options, ...tarballs, ...react], project);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

describe.each(['inbox', 'react'])('@carillon/%s as it is published', (name) => {
  it('is well-formed in the eyes of publint', async () => {
    const { messages, pkg } = await publint({ pkgDir: publishedOf(name), strict: true, pack: false });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('has types that are found and right wherever modules are resolved by exports', () => {
    const tarball = tarballs.find((path) => path.includes(`carillon-${name}-`)) ?? '';
    const problems: { kind: string; resolutionKind?: string }[] = JSON.parse(
      run(process.execPath, [typesProblems, tarball], root),
    );
    // ESM only, which Node takes by `require` too from 20.19 on; resolution from before exports is not served.
    const ofConcern = problems.filter(
      ({ kind, resolutionKind }) => kind !== 'CJSResolvesToESM' && resolutionKind !== 'node10',
    );
    expect(ofConcern).toEqual([]);
  });

  it('has nothing in it but what is used, a licence and a word about it', () => {
    for (const file of ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']) {
      expect(existsSync(join(project, 'node_modules', '@carillon', name, file))).toBe(true);
    }
    const packed = run('tar', ['-tzf', tarballs.find((path) => path.includes(`-${name}-`)) ?? ''], place);
    expect(packed).not.toMatch(/\.test\.|demo|tsconfig|\.map$/m);
  });
});

describe('an empty project with them', () => {
  it('loads them in Node, where a page is rendered on a server', () => {
    const code = `
      import { createElement } from 'react';
      import { renderToString } from 'react-dom/server';
      import { Bell } from '@carillon/react';
      await import('@carillon/inbox');
      console.log(renderToString(createElement(Bell, { url: 'https://a.example', token: 'secret' })));`;
    expect(run(process.execPath, ['--input-type=module', '--eval', code], project).trim()).toBe(
      '<carillon-inbox></carillon-inbox>',
    );
  });

  it('has the types of what users write, with every declaration checked', () => {
    writeFileSync(join(project, 'product.ts'), product);
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const lib = 'es2023,dom,dom.iterable,dom.asynciterable';
    const options = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--lib', lib];
    run(process.execPath, [tsc, ...options, '--types', '', 'product.ts'], project);
  });

  it('is bundled for browsers, the element apart from the page', async () => {
    const { metafile } = await build({
      ...{ absWorkingDir: project, entryPoints: ['product.ts'], outdir: 'out', write: false, metafile: true },
      ...{ bundle: true, splitting: true, format: 'esm', platform: 'browser', minify: true },
      external: ['react'],
      // Without what only asks for the element's type.
      tsconfigRaw: {},
    });
    const inputs = Object.values(metafile.outputs).map((output) => Object.keys(output.inputs));
    const withElement = inputs.filter((paths) => paths.some((path) => path.includes('inbox-element')));
    expect(withElement).toHaveLength(1);
    expect(withElement[0]?.some((path) => path.includes('@carillon/react'))).toBe(false);
  });
});
