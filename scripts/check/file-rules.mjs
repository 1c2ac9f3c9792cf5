import { basename } from 'node:path';
import { entriesWithHost, missingEntries } from '../complete-lock.mjs';
import { lineAt } from './project-files.mjs';

/**
 * @typedef {import('./project-files.mjs').Finding} Finding
 * @typedef {import('./project-files.mjs').ProjectFile} ProjectFile
 */

/** Blank lines and comments count: the limit is about what a reader scrolls through. */
export const linesMax = 350;

const codeFile = /\.(?:[cm]?[jt]s|tsx|css|sql)$/;
const vagueWords = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc']);
// As the last word they name nothing; `service-process` has a subject, `user-service` has none.
const vagueEndings = new Set(['manager', 'service']);
const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*$/;
// Migrations are numbered, NNNN_title, because they run in that order.
const migrationName = /^\d{4}_[a-z0-9]+(?:[-_][a-z0-9]+)*\.ts$/;

const machinePath = /(?<![\w.~})/-])[/](?:(?:work|home|root|Users)[/][\w.-]*|work(?![\w/-]))/g;
const registryHost =
  /\bregistry\.[a-z0-9-]+\.[a-z]{2,}|\bnpm\.pkg\.[a-z]+|\b(?:[a-z0-9-]+\.)+(?:jfrog|yarnpkg)\.[a-z]+|\bartifactory\b|\bverdaccio\b/gi;

/** @type {((file: ProjectFile) => Finding[])[]} */
export const fileRules = [checkLength, checkName, checkMachineWords, checkLock];

/**
 * @param {ProjectFile} file
 * @returns {Finding[]}
 */
export function checkLength({ path, text }) {
  if (!codeFile.test(path)) return [];
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  if (lines <= linesMax) return [];
  return [{ path, line: linesMax + 1, rule: 'file-length', message: `${lines} lines; ${linesMax} at most` }];
}

/**
 * Code files are named by what they hold, in kebab-case.
 *
 * @param {ProjectFile} file
 * @returns {Finding[]}
 */
export function checkName({ path }) {
  if (!codeFile.test(path)) return [];
  const name = basename(path);
  const rule = 'file-name';
  if (path.includes('/migrations/') && migrationName.test(name)) return [];
  if (!name.startsWith('.') && !kebabCase.test(name)) {
    return [{ path, line: 1, rule, message: `"${name}" is not in kebab-case` }];
  }
  if (/^types\.[cm]?tsx?$/.test(name)) return [vagueName(path, 'types')];
  // Programs that tests run may be a plain service; the first part of a path is the layout's own.
  if (path.includes('/test/')) return [];
  const parts = [...path.split('/').slice(1, -1), name.replace(/\..*$/, '')].map((part) => part.split('-'));
  const vague =
    parts.flat().find((word) => vagueWords.has(word)) ??
    parts.map((words) => words.at(-1) ?? '').find((word) => vagueEndings.has(word));
  return vague === undefined ? [] : [vagueName(path, vague)];
}

/**
 * @param {string} path
 * @param {string} word
 * @returns {Finding}
 */
function vagueName(path, word) {
  const message = `"${word}" says nothing about what is inside; use a word of the glossary`;
  return { path, line: 1, rule: 'file-name', message };
}

/**
 * Nothing of one machine may stand in the project: paths of somebody's home or checkout, package registries.
 *
 * @param {ProjectFile} file
 * @returns {Finding[]}
 */
export function checkMachineWords({ path, text }) {
  return [
    ...matches(text, machinePath).map(({ word, line }) => ({
      path,
      line,
      rule: 'machine-path',
      message: `"${word}" is a path of one machine`,
    })),
    ...matches(text, registryHost).map(({ word, line }) => ({
      path,
      line,
      rule: 'registry-host',
      message: `"${word}" names a package registry`,
    })),
  ];
}

/**
 * The lock file says what, by its digest; where from is the reader's own configuration.
 *
 * @param {ProjectFile} file
 * @returns {Finding[]}
 */
export function checkLock({ path, text }) {
  if (basename(path) !== 'package-lock.json') return [];
  const lock = JSON.parse(text);
  const hosts = entriesWithHost(lock).map((place) => ({
    path,
    line: lineAt(text, text.indexOf(`"${place}"`)),
    rule: 'lock-host',
    message: `${place} pins a host`,
  }));
  const missing = Object.keys(missingEntries(lock)).length;
  if (missing === 0) return hosts;
  const message = `${missing} packages of other platforms are missing; run node scripts/complete-lock.mjs`;
  return [...hosts, { path, line: 1, rule: 'lock-platforms', message }];
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 * @returns {{ word: string, line: number }[]}
 */
function matches(text, pattern) {
  return [...text.matchAll(pattern)].map((match) => ({ word: match[0], line: lineAt(text, match.index) }));
}
