import { parseSync } from 'oxc-parser';
import { lineAt } from './project-files.mjs';
import { findBareNow } from './sql-clock.mjs';
import { walkCode } from './walk-code.mjs';

/**
 * @typedef {import('./project-files.mjs').Finding} Finding
 * @typedef {import('./project-files.mjs').ProjectFile} ProjectFile
 * @typedef {import('oxc-parser').Expression} Expression
 * @typedef {(start: number, rule: string, message: string) => void} Report
 */

const sourceFile = /^(?:packages|services|bench)\/.*\.[cm]?tsx?$/;
const testFile = /\.test\.tsx?$/;
const mayUseProcess = /^(?:packages\/(?:runtime|cli|testkit)|bench)\//;
const mayUseClock = /^(?:packages\/(?:runtime|cli|testkit|client|inbox|console)|bench)\//;
const edge = /^services\/api\/src\/(?:v1|dialects)\//;
/** Pages of the console; the floor plan's own check reads no JSX. */
const page = /^packages\/console\/src\/.*\.tsx$/;
const mayBeInPages = /^(?:\.{1,2}\/|@carillon\/client$|preact(?:\/|$)|diff$|jsonc-parser$)/;
const mayUseRawSql = /^packages\/db\/src\/migrations\//;

const timers = new Set(['setTimeout', 'setInterval']);
const clockReads = new Set([
  'Date.now',
  'performance.now',
  'process.hrtime',
  'Math.random',
  'crypto.randomUUID',
]);
const processMembers = new Set(
  ['env', 'exit', 'exitCode', 'on', 'once', 'kill', 'abort'].map((member) => `process.${member}`),
);
const effectModules = new Map([
  ['process', 'process'],
  ['timers', 'clock'],
  ['timers/promises', 'clock'],
]);

/**
 * What the linter cannot say: effects only in the packages that own them, SQL that keeps to one clock, no raw
 * SQL outside migrations, no `export *`. Works on the syntax tree, so comments and texts never trip it.
 *
 * @param {ProjectFile} file
 * @returns {Finding[]}
 */
export function checkCode({ path, text }) {
  if (!sourceFile.test(path)) return [];
  const isTest = testFile.test(path);
  const clockIsFree = isTest || mayUseClock.test(path);
  const processIsFree = isTest || mayUseProcess.test(path);

  /** @type {Finding[]} */
  const findings = [];
  /** @type {Report} */
  const report = (start, rule, message) => findings.push({ path, line: lineAt(text, start), rule, message });
  const { program, errors } = parseSync(path, text);
  for (const error of errors) report(error.labels[0]?.start ?? 0, 'syntax', error.message);

  walkCode(program, {
    ExportAllDeclaration: (node) => report(node.start, 'export-all', 'list the exported names one by one'),
    ImportDeclaration: (node) => {
      checkImport(report, node, { clockIsFree, processIsFree, isEdge: !isTest && edge.test(path) });
      if (page.test(path)) checkPageImport(report, node, path);
    },
    NewExpression: (node) => {
      if (clockIsFree || node.arguments.length > 0 || nameOf(node.callee) !== 'Date') return;
      reportClock(report, node.start, 'new Date()');
    },
    CallExpression: (node) => {
      const called = nameOf(node.callee);
      if (!clockIsFree && (timers.has(called) || called === 'Date'))
        reportClock(report, node.start, `${called}()`);
      if (called === 'sql.raw' && !mayUseRawSql.test(path)) {
        report(node.start, 'sql-raw', 'sql.raw only in migrations; bind values, name columns with sql.ref');
      }
      if (/(?:^|\.)fn$/.test(called)) checkSqlFunction(report, node);
    },
    MemberExpression: (node) => {
      const name = nameOf(node).replace(/^globalThis\./, '');
      if (!clockIsFree && (clockReads.has(name) || timers.has(name))) reportClock(report, node.start, name);
      if (!processIsFree && processMembers.has(name)) reportProcess(report, node.start, name);
    },
    Literal: (node) => {
      if (typeof node.value === 'string') checkSqlText(report, node.start, node.value);
    },
    TemplateLiteral: (node) => {
      checkSqlText(report, node.start, node.quasis.map((quasi) => quasi.value.raw).join('${…}'));
    },
  });
  return findings;
}

/**
 * @param {Report} report
 * @param {import('oxc-parser').ImportDeclaration} node
 * @param {{ clockIsFree: boolean, processIsFree: boolean, isEdge: boolean }} place
 */
function checkImport(report, node, { clockIsFree, processIsFree, isEdge }) {
  const source = node.source.value;
  const effect = effectModules.get(source.replace(/^node:/, ''));
  if (effect === 'process' && !processIsFree) reportProcess(report, node.start, source);
  if (effect === 'clock' && !clockIsFree) reportClock(report, node.start, source);
  const names = node.specifiers.filter((one) => one.type === 'ImportSpecifier');
  if (!clockIsFree && names.some((one) => nameOf(one.imported) === 'randomUUID')) {
    reportClock(report, node.start, 'randomUUID');
  }
  const takesOnlyTypes =
    node.importKind === 'type' ||
    (names.length === node.specifiers.length && names.every((one) => one.importKind === 'type'));
  if (isEdge && !takesOnlyTypes && /^@carillon\/(?:db|queue)\b/.test(source)) {
    report(node.start, 'edge', `${source}: an edge calls actions, never the database or the queue`);
  }
}

/**
 * @param {Report} report
 * @param {import('oxc-parser').ImportDeclaration} node
 * @param {string} path
 */
function checkPageImport(report, node, path) {
  const source = node.source.value;
  const depth = path.split('/').length - 'packages/console/src/'.split('/').length;
  const leaves = source.startsWith('../'.repeat(depth + 1));
  if (mayBeInPages.test(source) && !leaves) return;
  report(node.start, 'page', `${source}: pages know @carillon/client and what is in packages/console/src`);
}

/**
 * `Date.now` for the expression Date.now; the empty string for what is no plain chain of names.
 *
 * @param {{ type: string, name?: unknown, object?: unknown, property?: unknown, computed?: unknown }} node
 * @returns {string}
 */
function nameOf(node) {
  if (node.type === 'Identifier') return String(node.name);
  if (node.type === 'ChainExpression') return '';
  if (node.type !== 'MemberExpression' || node.computed === true) return '';
  const object = nameOf(/** @type {Expression} */ (node.object));
  const property = /** @type {{ name: string }} */ (node.property).name;
  return object === '' ? `?.${property}` : `${object}.${property}`;
}

/**
 * @param {Report} report
 * @param {{ start: number, arguments: unknown[] }} call
 */
function checkSqlFunction(report, call) {
  const first = /** @type {{ value?: unknown } | undefined} */ (call.arguments[0]);
  if (typeof first?.value === 'string') checkSqlText(report, call.start, `${first.value}()`);
}

/**
 * @param {Report} report
 * @param {number} start
 * @param {string} text
 */
function checkSqlText(report, start, text) {
  for (const { word } of findBareNow(text)) {
    report(start, 'sql-clock', `"${word}" in SQL: use carillon_now(), the clock that tests can move`);
  }
}

/**
 * @param {Report} report
 * @param {number} start
 * @param {string} what
 */
function reportClock(report, start, what) {
  report(start, 'clock', `${what}: take Clock, NewId or a timer from the deps (packages/runtime makes them)`);
}

/**
 * @param {Report} report
 * @param {number} start
 * @param {string} what
 */
function reportProcess(report, start, what) {
  report(
    start,
    'process',
    `${what}: settings, exits and signals belong to packages/runtime and packages/cli`,
  );
}
