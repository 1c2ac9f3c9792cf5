import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isBuilt, markBuilt } from './build-state.mjs';
import { fitsEngines, isInstalled } from './install-state.mjs';
import { withLock } from './lock.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'carillon-prepare-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: unknown): void {
  const file = join(root, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

describe('what an install must hold', () => {
  const held = 'node_modules/.package-lock.json';
  beforeEach(() => {
    write('package-lock.json', {
      packages: {
        '': { version: '1.0.0' },
        'packages/own': { version: '1.0.0' },
        'node_modules/own': { link: true },
        'node_modules/a': { version: '1.2.3' },
        'node_modules/for-windows': { version: '1.0.0', optional: true },
      },
    });
  });

  it.each([
    { name: 'nothing at all', packages: undefined, fits: false },
    {
      name: 'each package in its version, without those of other platforms',
      packages: { 'node_modules/own': { link: true }, 'node_modules/a': { version: '1.2.3' } },
      fits: true,
    },
    {
      name: 'another version',
      packages: { 'node_modules/own': { link: true }, 'node_modules/a': { version: '1.2.2' } },
      fits: false,
    },
    { name: 'too little', packages: { 'node_modules/own': { link: true } }, fits: false },
  ])('$name: $fits', ({ packages, fits }) => {
    if (packages !== undefined) write(held, { packages });
    expect(isInstalled(root)).toBe(fits);
  });
});

describe('whether the compiled files belong to the sources', () => {
  beforeEach(() => {
    write('package-lock.json', {});
    write('tsconfig.base.json', {});
    write('tsconfig.build.json', {
      references: ['packages/a', 'services/b', 'packages/c'].map((name) => ({
        path: `${name}/tsconfig.build.json`,
      })),
    });
    write('packages/a/package.json', {});
    write('packages/a/tsconfig.build.json', {});
    write('packages/a/src/index.ts', 'export const one = 1;');
    write('packages/a/dist/.tsbuildinfo', '{}');
    write('services/b/package.json', {});
    write('services/b/tsconfig.build.json', {});
    write('services/b/src/main.ts', '');
    write('services/b/dist/.tsbuildinfo', '{}');
    write('services/b/dist/bundle/main.js', '');
    write('packages/c/package.json', {});
    write('packages/c/tsconfig.build.json', {});
    write('packages/c/src/index.html', '');
    write('packages/c/src/page.tsx', '');
    write('packages/c/dist/.tsbuildinfo', '{}');
    write('packages/c/dist/pages/index.html', '');
    write('scripts/bundle-services.mjs', '');
    write('scripts/bundle-faces.mjs', '');
    write('scripts/faces/tight-templates.mjs', '');
  });

  it('is known after a build, and not before', () => {
    expect(isBuilt(root)).toBe(false);
    markBuilt(root);
    expect(isBuilt(root)).toBe(true);
  });

  it.each([
    { name: 'a source', change: () => write('packages/a/src/index.ts', 'export const one = 2;') },
    { name: 'a new source', change: () => write('packages/a/src/deep/more.ts', '') },
    { name: 'a compiler option', change: () => write('tsconfig.base.json', { strict: true }) },
    { name: 'the output', change: () => rmSync(join(root, 'packages/a/dist'), { recursive: true }) },
    { name: 'the bundle', change: () => rmSync(join(root, 'services/b/dist/bundle'), { recursive: true }) },
    { name: 'a page', change: () => write('packages/c/src/page.tsx', 'changed') },
    {
      name: 'the built pages',
      change: () => rmSync(join(root, 'packages/c/dist/pages'), { recursive: true }),
    },
    { name: 'how pages are bundled', change: () => write('scripts/bundle-faces.mjs', 'changed') },
    { name: 'how services are bundled', change: () => write('scripts/bundle-services.mjs', 'changed') },
  ])('ends with a change of $name', ({ change }) => {
    markBuilt(root);
    change();
    expect(isBuilt(root)).toBe(false);
  });

  it('does not end with a change of a test', () => {
    markBuilt(root);
    write('packages/a/src/index.test.ts', 'changed');
    expect(isBuilt(root)).toBe(true);
  });
});

describe('two preparations at once', () => {
  it('take turns, and leave no lock', async () => {
    const file = join(root, 'lock');
    let inside = 0;
    let most = 0;
    let waits = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    const turn = (): Promise<void> => withLock(file, { onWait: () => (waits += 1) }, work);
    await Promise.all([turn(), turn(), turn()]);
    expect({ most, waits }).toEqual({ most: 1, waits: 2 });
    expect(readdirSync(root)).toEqual([]);
  });

  it('do not wait for one that was killed', async () => {
    const file = join(root, 'lock');
    writeFileSync(file, `${process.pid} of-another-time`);
    let ran = false;
    await withLock(file, { onWait: () => {} }, async () => {
      ran = true;
    });
    expect(ran).toBe(true);
  });

  it('give the lock back when the work fails', async () => {
    const file = join(root, 'lock');
    const failing = withLock(file, { onWait: () => {} }, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('the version of Node', () => {
  it.each([
    { version: '20.19.0', fits: true },
    { version: '20.20.2', fits: true },
    { version: '22.1.0', fits: true },
    { version: '20.18.9', fits: false },
    { version: '18.20.0', fits: false },
  ])('$version fits >=20.19: $fits', ({ version, fits }) => {
    expect(fitsEngines(version, '>=20.19')).toBe(fits);
  });
});
