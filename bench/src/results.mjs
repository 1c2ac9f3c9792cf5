import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const resultsDir = fileURLToPath(new URL('../results', import.meta.url));

/**
 * Writes down a run with the machine it was made on.
 *
 * @param {{ tier: import('./options.mjs').Tier, measured: object, verdicts: import('./verdicts.mjs').Verdict[] }} results
 * @returns {string} the file
 */
export function writeResults(results) {
  mkdirSync(resultsDir, { recursive: true });
  const file = join(resultsDir, `${stamp()}.json`);
  const machine = { cores: cpus().length, cpu: cpus()[0]?.model, node: process.versions.node };
  writeFileSync(file, `${JSON.stringify({ machine, ...results }, null, 2)}\n`);
  return file;
}

/** The time as a part of file names. */
export function stamp() {
  return new Date().toISOString().replaceAll(/[:.]/g, '-');
}
