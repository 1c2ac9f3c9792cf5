import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildServices } from '@carillon/testkit';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { makeDir } from './run-command.ts';

const program = fileURLToPath(new URL('../../bin/carillon.mjs', import.meta.url));

beforeAll(() => buildServices());

/** As a shell runs it, in an empty home. */
function bash(script: string) {
  const home = makeDir();
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `set -o pipefail; ${script}`], {
    ...{ cwd: home, encoding: 'utf8' as const },
    env: { PATH: process.env['PATH'], HOME: home, carillon: program, CARILLON_TOKEN: 'x' },
  });
  return { status, stdout, stderr };
}

describe('carillon as a process', () => {
  it('ends with the code that docs/cli.md tells, and says why on standard error alone', () => {
    const ran = bash('"$carillon" --json deliveries --url http://127.0.0.1:9');
    expect(ran).toMatchObject({ status: 5, stdout: '' });
    expect(JSON.parse(ran.stderr).error).toMatchObject({ code: 'client.network', exit_code: 5 });
  });

  it('is not troubled by a reader who has seen enough', () => {
    const ran = bash('{ "$carillon" help; "$carillon" completion zsh; } | head -n 1');
    expect(ran).toEqual({ status: 0, stdout: 'Usage: carillon [options] <command>\n', stderr: '' });
  });

  it('completes a line in bash by the script that it prints', () => {
    const ran = bash(`
      carillon() { command "$carillon" "$@"; }
      source <("$carillon" completion bash)
      COMP_WORDS=(carillon templates pu) COMP_CWORD=2
      _carillon
      echo "\${COMPREPLY[@]}"`);
    expect(ran).toEqual({ status: 0, stdout: 'pull push\n', stderr: '' });
  });
});
