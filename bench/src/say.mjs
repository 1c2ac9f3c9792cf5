const startedMs = performance.now();

/**
 * Tells what happens, with the seconds since the start.
 *
 * @param {string} line
 */
export function say(line) {
  console.log(`${((performance.now() - startedMs) / 1000).toFixed(0).padStart(4)} s  ${line}`);
}
