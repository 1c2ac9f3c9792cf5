import { spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ output(): string, stop(): Promise<void> }} Running
 * @typedef {{ dir: string, env: NodeJS.ProcessEnv, rename: (text: string) => string }} TerminalOptions `rename`
 *   turns what stands in a document into what is so on this machine: ports.
 */

/** An HTTP error fails a block, as a reader would see it. */
const prelude = `curl() { command curl --silent --show-error --fail-with-body "$@"; }
export -f curl
set -aeo pipefail
`;

/**
 * A reader's terminals, in a directory that looks like the checkout at `root` and has a `.carillon` of its own:
 * variables stay from block to block.
 *
 * @param {string} root
 * @param {TerminalOptions} options
 */
export function openTerminal(root, { dir, env, rename }) {
  const place = join(dir, 'checkout');
  mkdirSync(place);
  for (const name of readdirSync(root)) {
    if (!['.carillon', '.git'].includes(name)) symlinkSync(join(root, name), join(place, name));
  }
  let variables = { ...env };
  let count = 0;

  /** @param {string} code @param {string} after */
  function script(code, after = '') {
    const file = join(dir, `${(count += 1)}.sh`);
    writeFileSync(file, `${prelude}${rename(code)}\n${after}`);
    return file;
  }

  return {
    ...{ place, rename },
    /**
     * Runs a block to its end and answers what it wrote to standard output. Rejects with all that it said when a
     * command in it fails.
     *
     * @param {string} code
     * @returns {Promise<string>}
     */
    async run(code) {
      const environment = join(dir, 'environment');
      const { status, out, all } = await untilEnd(
        script(code, `env -0 > '${environment}'`),
        place,
        variables,
      );
      if (status !== 0) throw new Error(`ended with ${status}:\n${all}`);
      variables = Object.fromEntries(
        readFileSync(environment, 'utf8')
          .split('\0')
          .filter((line) => line.includes('='))
          .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      );
      return out;
    },
    /**
     * Starts a block in a terminal of its own; `stop` is Ctrl-C there.
     *
     * @param {string} code
     * @returns {Running}
     */
    start(code) {
      const file = script(code);
      const log = openSync(`${file}.out`, 'w');
      const child = spawn('bash', [file], {
        cwd: place,
        env: variables,
        detached: true,
        stdio: ['ignore', log, log],
      });
      closeSync(log);
      const ended = new Promise((resolve) => child.once('close', resolve));
      return {
        output: () => readFileSync(`${file}.out`, 'utf8'),
        async stop() {
          // To the whole group, as a terminal does it.
          if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGINT');
          await ended;
        },
      };
    },
  };
}

/**
 * @param {string} file
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ status: number | null, out: string, all: string }>}
 */
function untilEnd(file, cwd, env) {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', [file], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, all] = ['', ''];
    child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
      out += chunk.toString();
      all += chunk.toString();
    });
    child.stderr.on('data', (/** @type {Buffer} */ chunk) => {
      all += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, out, all }));
  });
}
