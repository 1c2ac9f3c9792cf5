import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { buildServices, temporaryDir } from '@carillon/testkit';

// Liveness, not speed: two compilers and npm run.
jest.setTimeout(180_000);

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = join(root, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc');

/** What users write, with the types that it must have. */
const product = `
import { CarillonError, createCarillon, type InboxItem, type LiveSnapshot } from '@carillon/client';
import { signUserToken, verifyWebhook } from '@carillon/client/server';
import { expectNotification, startCarillon } from '@carillon/client/testing';

const carillon = createCarillon({ url: 'https://carillon.example.com', token: async () => 'token' });
const { trigger_id: id } = await carillon.notifications.create({ to: ['external:ada'], title: 'Hello' });
const text: string = id;
for await (const item of carillon.inbox.list({ status: 'unread' })) { const one: InboxItem = item; console.log(one.title, text); }
const snapshot: LiveSnapshot = carillon.inbox.live().snapshot();
// @ts-expect-error -- a notification has a text as its title
await carillon.notifications.create({ to: ['external:ada'], title: 1 });
// @ts-expect-error -- there is no such field
await carillon.users.list({ nobody: true });
console.log(snapshot.items, CarillonError, signUserToken, verifyWebhook, expectNotification, startCarillon);
`;

/** Where the contracts say `object`, the published types say the same more usefully: a record. */
const moreUseful = { types: ['Notification'], calls: ['getNotification', 'listNotifications'] };

/** Each name of the published types means what the contracts say: each is assignable to the other. */
const sameTypes = (names: readonly string[], published: string): string => `
import type * as Own from './wire.js';
import type * as Published from '${published}/dist/wire.js';
type Is<A, B> = [A] extends [B] ? true : false;
type IsSame<A, B> = [Is<A, B>, Is<B, A>] extends [true, true] ? true : false;
type Same<Name extends Own.OperationName> = [
  IsSame<Own.Body<Name>, Published.Body<Name>>,
  IsSame<Own.Query<Name>, Published.Query<Name>>,
  IsSame<Own.Answer<Name>, Published.Answer<Name>>,
];
type Different = {
  [Name in Own.OperationName]: Same<Name> extends [true, true, true] ? never : Name;
}[Own.OperationName];
export const different: IsSame<Different, ${moreUseful.calls.map((name) => `'${name}'`).join(' | ')}> = true;
export const calls: IsSame<Own.OperationName, Published.OperationName> = true;
${names
  .map((name) => {
    const is = moreUseful.types.includes(name) ? 'Is' : 'IsSame';
    return `export const is${name}: ${is}<Published.${name}, Own.${name}> = true;`;
  })
  .join('\n')}
`;

describe('the package as it is published', () => {
  let place: string;
  let published: string;
  let tarball: string;

  const run = (program: string, args: string[], cwd: string): string => {
    try {
      return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${program} ${args.join(' ')}:\n${stdout}\n${stderr}`, { cause: error });
    }
  };
  const compile = (cwd: string, file: string, options: string[]): string =>
    run(process.execPath, [tsc, '--noEmit', '--strict', '--target', 'es2023', ...options, file], cwd);

  beforeAll(async () => {
    await buildServices();
    place = mkdtempSync(join(temporaryDir(), 'carillon-package-'));
    published = join(place, 'client');
    run(
      process.execPath,
      [join(root, '..', '..', 'scripts', 'publishable.mjs'), '--out', place, 'client'],
      root,
    );
    const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', place], published));
    tarball = join(place, packed.filename);
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  it('is well-formed in the eyes of publint', async () => {
    const { messages, pkg } = await publint({ pkgDir: published, strict: true, pack: false });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('has types that are found and right wherever modules are resolved by exports', () => {
    const problems: { kind: string; resolutionKind?: string }[] = JSON.parse(
      run(process.execPath, [join(root, 'scripts', 'types-problems.mjs'), tarball], root),
    );
    // It is ESM only, which Node takes by `require` too from 20.19 on; resolution from before exports is not served.
    const ofConcern = problems.filter(
      ({ kind, resolutionKind }) => kind !== 'CJSResolvesToESM' && resolutionKind !== 'node10',
    );
    expect(ofConcern).toEqual([]);
    expect(problems).not.toEqual([]);
  });

  it('installs alone, loads, and types what users write', () => {
    const project = join(place, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{"name":"product","private":true,"type":"module"}');
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], project);
    const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
    expect(Object.keys(packages)).toEqual(['', 'node_modules/@carillon/client']);
    const load = `for (const entry of ['', '/server', '/testing']) {
      console.log(Object.keys(await import('@carillon/client' + entry)).sort().join());
    }`;
    expect(
      run(process.execPath, ['--input-type=module', '--eval', load], project).trim().split('\n'),
    ).toEqual([
      'CarillonError,createCarillon,createInboxClient',
      'WebhookError,signUserToken,verifyWebhook',
      'expectNotification,startCarillon',
    ]);
    writeFileSync(join(project, 'product.ts'), product);
    // With only what a browser has, and every declaration checked: nothing of Node is needed for the types.
    const options = [
      '--module',
      'nodenext',
      '--lib',
      'es2023,dom,dom.iterable,dom.asynciterable',
      '--types',
      '',
    ];
    compile(project, 'product.ts', options);
  });

  it('has the types of the contracts', () => {
    const source = readFileSync(join(root, 'src', 'wire.ts'), 'utf8');
    const names = /export type \{([^}]+)\} from/.exec(source)?.[1]?.match(/\w+/g) ?? [];
    expect(names.length).toBeGreaterThan(30);
    const file = join(root, 'dist', 'same-types.ts');
    writeFileSync(file, sameTypes(names, published));
    compile(root, file, ['--module', 'nodenext', '--skipLibCheck', '--ignoreConfig', '--types', 'node']);
    rmSync(file);
  });
});
