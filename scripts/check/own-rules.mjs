import { fileURLToPath } from 'node:url';
import { checkCode } from './code-rules.mjs';
import { fileRules } from './file-rules.mjs';
import { lineAt, listProjectFiles } from './project-files.mjs';
import { findBareNow } from './sql-clock.mjs';

/**
 * @typedef {import('./project-files.mjs').Finding} Finding
 * @typedef {import('./project-files.mjs').ProjectFile} ProjectFile
 */

/**
 * All own rules on one file, in a fixed order.
 *
 * @param {ProjectFile} file
 * @returns {Finding[]}
 */
export function checkFile(file) {
  return [...fileRules.flatMap((rule) => rule(file)), ...checkCode(file), ...checkSqlFile(file)];
}

/**
 * @param {ProjectFile} file
 * @returns {Finding[]}
 */
function checkSqlFile({ path, text }) {
  if (!path.endsWith('.sql')) return [];
  return findBareNow(text).map(({ word, offset }) => ({
    path,
    line: lineAt(text, offset),
    rule: 'sql-clock',
    message: `"${word}": use carillon_now()`,
  }));
}

/** Checks the tree at `root` and prints one line for each finding; the number of findings is returned. */
function checkTree(/** @type {string} */ root) {
  const files = listProjectFiles(root);
  const findings = files.flatMap(checkFile);
  for (const { path, line, rule, message } of findings) console.log(`${path}:${line} [${rule}] ${message}`);
  console.log(`${files.length} files, ${findings.length} findings`);
  return findings.length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? fileURLToPath(new URL('../..', import.meta.url));
  process.exitCode = checkTree(root) === 0 ? 0 : 1;
}
