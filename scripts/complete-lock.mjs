/**
 * Run after each change of package-lock.json: adds the optional packages of other platforms that npm left out
 * because the registry it asked does not have them. Without them `npm ci` refuses the file and other platforms
 * miss their binaries. `npm run check` fails while one is missing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ os?: string[], cpu?: string[], libc?: string[] }} Platform
 * @typedef {Platform & { version?: string, resolved?: string, link?: boolean, dev?: boolean, optional?: boolean,
 *   optionalDependencies?: Record<string, string> }} LockEntry
 * @typedef {{ packages: Record<string, LockEntry> }} Lock
 */

const systems = new Map([
  ...[
    'aix',
    'android',
    'darwin',
    'freebsd',
    'linux',
    'netbsd',
    'openbsd',
    'openharmony',
    'sunos',
    'win32',
  ].map((name) => /** @type {const} */ ([name, name])),
  /** @type {const} */ (['windows', 'win32']),
]);
const processors = new Map(
  ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'].map(
    (name) => /** @type {const} */ ([name, name]),
  ),
);
const libraries = new Map([
  ['gnu', 'glibc'],
  ['gnueabihf', 'glibc'],
  ['musl', 'musl'],
  ['musleabihf', 'musl'],
]);

/**
 * What belongs into the lock and is not there, by its place.
 *
 * @param {Lock} lock
 * @returns {Record<string, LockEntry>}
 */
export function missingEntries(lock) {
  /** @type {Record<string, LockEntry>} */
  const missing = {};
  for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(optionalDependencies)) {
      if (isHeld(lock, parent, name)) continue;
      const version = range.replace(/^[\^~]/, '');
      missing[`node_modules/${name}`] = {
        version,
        ...platformOf(name),
        ...(dev === true && { dev }),
        optional: true,
      };
    }
  }
  return missing;
}

/**
 * Places of the lock that name the host they came from. Where from is the reader's own configuration.
 *
 * @param {Lock} lock
 * @returns {string[]}
 */
export function entriesWithHost(lock) {
  return Object.entries(lock.packages)
    .filter(([, { resolved = '' }]) => /^(?:https?|git[+\w]*):/.test(resolved))
    .map(([place]) => place);
}

/**
 * Packages of one platform carry it in their name: `core-linux-x64-gnu`. Empty where the name says nothing.
 *
 * @param {string} name
 * @returns {Platform}
 */
export function platformOf(name) {
  const words = name.replace(/^.*\//, '').split('-');
  const os = pick(words, systems);
  const cpu = pick(words, processors);
  const libc = os[0] === 'linux' ? pick(words, libraries) : [];
  return { ...(os.length > 0 && { os }), ...(cpu.length > 0 && { cpu }), ...(libc.length > 0 && { libc }) };
}

/**
 * @param {string[]} words
 * @param {ReadonlyMap<string, string>} known
 * @returns {string[]}
 */
function pick(words, known) {
  return words.flatMap((word) => known.get(word) ?? []);
}

/**
 * Looks where Node would: beside the parent, then one package up, and so on to the top.
 *
 * @param {Lock} lock
 * @param {string} parent
 * @param {string} name
 * @returns {boolean}
 */
function isHeld(lock, parent, name) {
  const beside = parent === '' ? '' : `${parent}/`;
  if (lock.packages[`${beside}node_modules/${name}`] !== undefined) return true;
  if (parent === '') return false;
  return isHeld(lock, parent.slice(0, Math.max(0, parent.lastIndexOf('/node_modules/'))), name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = new URL('../package-lock.json', import.meta.url);
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  const missing = missingEntries(lock);
  const entries = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1));
  const count = Object.keys(missing).length;
  if (count > 0)
    writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
  console.log(`${count} packages of other platforms added to package-lock.json`);
}
