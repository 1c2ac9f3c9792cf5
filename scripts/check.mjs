/**
 * `npm run check`: everything a machine can judge before a person reads a change. Each step is one tool with
 * its own configuration file; the output of a step is shown only when it fails. Names as arguments run only
 * those steps: `npm run check -- lint walls`.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runSteps } from './check/run-steps.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = process.execPath;
const tool = (/** @type {string} */ path, /** @type {string[]} */ ...args) => [
  node,
  `node_modules/${path}`,
  ...args,
];

// The compiler's four checkers each work out the types that they share: on two cores that is a third more work.
const checkers = ['--checkers', '2'];

/** @type {import('./check/run-steps.mjs').Step[]} */
const steps = [
  { name: 'types', command: tool('typescript/bin/tsc', '-b', 'tsconfig.build.json', ...checkers) },
  { name: 'types of tests', command: tool('typescript/bin/tsc', '-p', 'tsconfig.json', ...checkers) },
  {
    name: 'lint',
    command: tool('oxlint/bin/oxlint', '--deny-warnings', 'packages', 'services', 'bench', 'scripts'),
  },
  { name: 'layout', command: tool('oxfmt/bin/oxfmt', '--check') },
  {
    name: 'walls',
    command: tool('dependency-cruiser/bin/dependency-cruise.mjs', 'packages', 'services', 'bench'),
  },
  { name: 'dead code', command: tool('knip/bin/knip.js', '--no-progress', '--no-config-hints') },
  { name: 'own rules', command: [node, 'scripts/check/own-rules.mjs'] },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`No step "${unknown.join('", "')}"; there are: ${steps.map((step) => step.name).join(', ')}`);
  process.exit(2);
}

const chosen = wanted.length === 0 ? steps : steps.filter((step) => wanted.includes(step.name));
const options = {
  cwd: root,
  atOnce: Math.min(4, availableParallelism()),
  /** @param {import('./check/run-steps.mjs').StepResult} result */
  onResult: ({ step, passed, output, durationMs }) => {
    console.log(`${passed ? 'ok    ' : 'FAILED'} ${step.name} (${(durationMs / 1000).toFixed(1)} s)`);
    if (!passed) console.log(`${output.trimEnd()}\n`);
  },
};

// The linter reads the types of our packages from what `types` builds, so that step goes first.
const results = [
  ...(await runSteps(chosen.slice(0, 1), options)),
  ...(await runSteps(chosen.slice(1), options)),
];

const failed = results.filter((result) => !result.passed).map((result) => result.step.name);
console.log(failed.length === 0 ? `All ${results.length} checks passed` : `Failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
