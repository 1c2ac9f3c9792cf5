import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-ci-'));
  mkdirSync(join(folder, 'scripts'));
  writeFileSync(join(folder, 'scripts', 'prepare.mjs'), '');
  cpSync(fileURLToPath(new URL('../.ci', import.meta.url)), join(folder, '.ci'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `.ci/run` in a folder of its own, with an npm that answers as told. */
function runCi(answers: { check: number; test: number; says: string }): {
  status: number | null;
  last: string;
} {
  const npm = `#!/bin/sh\nif [ "$1" = test ]; then printf '%s\\n' '${answers.says}'; exit ${answers.test}; fi\nexit ${answers.check}\n`;
  writeFileSync(join(folder, 'npm'), npm, { mode: 0o755 });
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
  const { status, stdout } = spawnSync(join(folder, '.ci', 'run'), {
    env,
    encoding: 'utf8',
    input: 'unread',
  });
  return { status, last: stdout.trimEnd().split('\n').at(-1) ?? '' };
}

describe('.ci/run', () => {
  it.each([
    {
      name: 'passes when all passes',
      check: 0,
      test: 0,
      says: '7 passed, 0 failed',
      status: 0,
      last: '7 passed, 0 failed',
    },
    {
      name: 'fails when a test fails',
      check: 0,
      test: 1,
      says: '6 passed, 1 failed',
      status: 1,
      last: '6 passed, 1 failed',
    },
    {
      name: 'fails when only a check fails, and counts it',
      check: 1,
      test: 0,
      says: '7 passed, 0 failed',
      status: 1,
      last: '7 passed, 1 failed',
    },
    {
      name: 'fails when the tests break before their end',
      check: 0,
      test: 1,
      says: 'boom',
      status: 1,
      last: '0 passed, 1 failed',
    },
    {
      name: 'fails when the tests say nothing although they exit with 0',
      check: 0,
      test: 0,
      says: '',
      status: 1,
      last: '0 passed, 1 failed',
    },
    {
      name: 'leaves skipped tests out of the closing line',
      check: 0,
      test: 0,
      says: '7 passed, 0 failed, 2 skipped',
      status: 0,
      last: '7 passed, 0 failed',
    },
  ])('$name', ({ check, test, says, status, last }) => {
    expect(runCi({ check, test, says })).toEqual({ status, last });
  });
});
