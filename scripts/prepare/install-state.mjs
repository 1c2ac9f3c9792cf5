import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} file */
export function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * Whether node_modules holds what package-lock.json names. npm writes what it has installed to a lock of
 * its own, as its last act: a cut short install has none. The two are compared by content, not by age,
 * since a checkout or a copy changes the age of files. Optional packages are left out: which of them are
 * there depends on the platform.
 *
 * @param {string} root
 */
export function isInstalled(root) {
  /** @type {Record<string, { version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }>} */
  const wanted = readJson(join(root, 'package-lock.json')).packages;
  /** @type {typeof wanted} */
  let held;
  try {
    held = readJson(join(root, 'node_modules', '.package-lock.json')).packages;
  } catch {
    return false;
  }
  return Object.entries(wanted).every(([path, entry]) => {
    const isOptional = entry.optional === true || entry.devOptional === true;
    if (isOptional || !path.startsWith('node_modules/')) return true;
    return held[path] !== undefined && held[path].version === entry.version;
  });
}

/**
 * Whether a version satisfies an `engines` entry of the form `>=20.19`, the only form this project uses.
 *
 * @param {string} version
 * @param {string} range
 */
export function fitsEngines(version, range) {
  const least = range.replace('>=', '').split('.').map(Number);
  const given = version.split('.').map(Number);
  for (const [at, wanted] of least.entries()) {
    const got = given[at] ?? 0;
    if (got !== wanted) return got > wanted;
  }
  return true;
}
