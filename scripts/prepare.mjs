/**
 * Runs before `npm start`, `npm test` and `npm run bench` with nothing but Node: checks the Node version,
 * installs the dependencies when node_modules does not hold what the lock names, and with --build compiles
 * when sources have changed. Quiet and quick when there is nothing to do; two at once wait for each other.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isBuilt, markBuilt } from './prepare/build-state.mjs';
import { fitsEngines, isInstalled, readJson } from './prepare/install-state.mjs';
import { withLock } from './prepare/lock.mjs';
import { npmCommand, runVisibly } from './prepare/run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dataDir = join(root, '.carillon');
const say = (/** @type {string} */ line) => console.error(`carillon: ${line}`);

try {
  await prepare(process.argv.includes('--build'));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** @param {boolean} wantsBuild */
async function prepare(wantsBuild) {
  const { engines } = readJson(join(root, 'package.json'));
  if (!fitsEngines(process.versions.node, engines.node)) {
    throw new Error(
      `Node ${engines.node} is needed; this is ${process.versions.node}. Get it at nodejs.org or with \`nvm install\`.`,
    );
  }
  const isReady = () => isInstalled(root) && (!wantsBuild || isBuilt(root));
  if (isReady()) return;
  makeDataDir();
  await withLock(
    join(dataDir, 'prepare.lock'),
    { onWait: () => say('another start is installing or building; waiting for it') },
    async () => {
      if (!isInstalled(root)) await install();
      if (wantsBuild && !isBuilt(root)) await build();
    },
  );
}

function makeDataDir() {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const who = process.getuid === undefined ? 'this user' : `uid ${process.getuid()}`;
    throw new Error(`Something is to be installed or built, but ${who} may not write in ${root}`, { cause });
  }
}

async function install() {
  const count = Object.keys(readJson(join(root, 'package-lock.json')).packages).length;
  const why = existsSync(join(root, 'node_modules'))
    ? 'node_modules does not match package-lock.json'
    : 'first start';
  say(`${why}: installing up to ${count} packages with npm ci, about 110 MB; takes about half a minute`);
  const [command, ...args] = npmCommand();
  // Development dependencies hold the compiler, so they are wanted under NODE_ENV=production too.
  const result = await runVisibly(
    command,
    [...args, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      label: 'installing',
      say,
      spareCacheDir: join(dataDir, 'npm-cache'),
    },
  );
  if (result.status !== 0) throw new Error(installFailure(result.output));
  if (!isInstalled(root))
    throw new Error('npm ci succeeded, but node_modules still does not hold what package-lock.json names');
  say(`installed in ${result.seconds} s`);
}

/** @param {string} output */
function installFailure(output) {
  const remedies = [
    {
      sign: /EUSAGE/,
      remedy:
        'package-lock.json does not fit package.json: run `npm install`, then `node scripts/complete-lock.mjs`',
    },
    { sign: /ENOSPC/, remedy: 'the disk is full' },
    { sign: /EACCES|EPERM/, remedy: `this user may not write in ${root}: use a clone of your own` },
    {
      sign: /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|E[45]\d\d/,
      remedy: 'npm does not reach its registry: look at the network, the proxy and `npm config get registry`',
    },
  ];
  const remedy = remedies.find(({ sign }) => sign.test(output))?.remedy ?? 'try `npm ci` by hand';
  return `npm ci failed; ${remedy}. Its last lines:\n${output.trim().split('\n').slice(-15).join('\n')}`;
}

async function build() {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const steps = [
    { label: 'compiling', args: [compiler, '-b', 'tsconfig.build.json', '--checkers', '2'] },
    { label: 'bundling pages', args: [join(root, 'scripts', 'bundle-faces.mjs')] },
    { label: 'bundling', args: [join(root, 'scripts', 'bundle-services.mjs')] },
  ];
  for (const { label, args } of steps) {
    const result = await runVisibly(process.execPath, args, { cwd: root, label, say });
    if (result.status !== 0) throw new Error(`The sources do not compile:\n${result.output.trim()}`);
  }
  markBuilt(root);
}
