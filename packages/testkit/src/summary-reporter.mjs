/**
 * Ends the output of a test run with one plain line for machines: `12 passed, 0 failed`. Skipped tests are named
 * when there are any; a test file that could not run counts as one failure, since none of its tests was heard of.
 */
export default class SummaryReporter {
  /**
   * @param {ReadonlySet<unknown>} _contexts
   * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numRuntimeErrorTestSuites: number }} results
   */
  onRunComplete(_contexts, results) {
    process.stdout.write(`${renderSummary(results)}\n`);
  }
}

/**
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numRuntimeErrorTestSuites: number }} results
 * @returns {string} The line, without its end.
 */
export function renderSummary(results) {
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : '';
  return `${results.numPassedTests} passed, ${failed} failed${skipped}`;
}
