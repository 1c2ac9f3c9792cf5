import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * @typedef {{ path: string, text: string }} ProjectFile A file by its path from the root, with slashes.
 * @typedef {{ path: string, line: number, rule: string, message: string }} Finding
 */

const ignoredNames = new Set(['.git', '.carillon', 'node_modules', 'dist', 'coverage', '.env']);
const ignoredEndings = ['.tsbuildinfo', '.log'];

/**
 * Every text file that belongs to the project, sorted by path. Walks the tree instead of asking git, so that
 * an unpacked archive is checked as a clone is. The ignored names are those of .gitignore; a test compares them.
 *
 * @param {string} root
 * @returns {ProjectFile[]}
 */
export function listProjectFiles(root) {
  return pathsUnder(root)
    .map((path) => ({ path: relative(root, path).split(sep).join('/'), bytes: readFileSync(path) }))
    .filter(({ bytes }) => !bytes.includes(0))
    .map(({ path, bytes }) => ({ path, text: bytes.toString('utf8') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * @param {string} name
 * @returns {boolean}
 */
export function isIgnored(name) {
  return ignoredNames.has(name) || ignoredEndings.some((ending) => name.endsWith(ending));
}

/**
 * @param {string} text
 * @param {number} offset
 * @returns {number} The line of `offset`, counted from 1.
 */
export function lineAt(text, offset) {
  return text.slice(0, offset).split('\n').length;
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function pathsUnder(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !isIgnored(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return pathsUnder(path);
      return entry.isFile() ? [path] : [];
    });
}
