import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * @typedef {object} RunOptions
 * @property {string} cwd
 * @property {string} label what is going on, for the line that shows it is still going on
 * @property {(line: string) => void} say
 * @property {string} [spareCacheDir] npm's cache when the usual one cannot be written
 */

/**
 * Runs a program, shows that it is at work (a counter on a terminal, a line every five seconds elsewhere)
 * and answers its exit code, all it wrote, and how long it took.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} options
 * @returns {Promise<{ status: number, output: string, seconds: string }>}
 */
export function runVisibly(command, args, { cwd, label, say, spareCacheDir }) {
  const startMs = performance.now();
  const seconds = () => ((performance.now() - startMs) / 1000).toFixed(1);
  const isTerminal = process.stderr.isTTY === true;
  const show = () =>
    isTerminal
      ? process.stderr.write(`\rcarillon: ${label}, ${seconds()} s `)
      : say(`${label}, ${seconds()} s`);
  const timer = setInterval(show, isTerminal ? 200 : 5000);
  const env = spareCacheDir === undefined ? process.env : withUsableCache(process.env, spareCacheDir);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const finish = () => {
      clearInterval(timer);
      if (isTerminal) process.stderr.write('\r\u001b[K');
    };
    child.once('error', (cause) => {
      finish();
      reject(new Error(`${command} could not be run: ${cause.message}`, { cause }));
    });
    child.once('close', (code) => {
      finish();
      resolve({ status: code ?? 1, output, seconds: seconds() });
    });
  });
}

/**
 * npm as it was called, so that the same version installs; else the one on PATH.
 *
 * @returns {[string, ...string[]]}
 */
export function npmCommand() {
  const script = process.env['npm_execpath'];
  return script !== undefined && script.endsWith('npm-cli.js') ? [process.execPath, script] : ['npm'];
}

/**
 * The environment for npm: when its cache directory cannot be written (a service user without a home), one
 * that can.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} spareDir
 */
function withUsableCache(env, spareDir) {
  const usual = env['npm_config_cache'] ?? join(homedir(), '.npm');
  if (isWritable(usual)) return env;
  mkdirSync(spareDir, { recursive: true });
  return { ...env, npm_config_cache: spareDir };
}

/** @param {string} dir */
function isWritable(dir) {
  let existing = dir;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
