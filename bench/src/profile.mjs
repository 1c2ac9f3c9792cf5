import { readFileSync } from 'node:fs';

/**
 * @typedef {object} CpuProfile as V8 writes it
 * @property {{ id: number, callFrame: { functionName: string, url: string, lineNumber: number } }[]} nodes
 * @property {number[]} samples
 * @property {number[]} timeDeltas
 */

/**
 * Where a CPU profile's time went: functions by their own time, without what they called.
 *
 * @param {CpuProfile} profile
 * @returns {{ name: string, part: number }[]} `part` is that of all time that was not idle, largest first
 */
export function selfTimes({ nodes, samples, timeDeltas }) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  /** @type {Map<string, number>} */
  const times = new Map();
  let total = 0;
  samples.forEach((id, index) => {
    const name = names.get(id) ?? '?';
    const time = timeDeltas[index] ?? 0;
    if (name === '(idle)') return;
    total += time;
    times.set(name, (times.get(name) ?? 0) + time);
  });
  return [...times]
    .map(([name, time]) => ({ name, part: time / total }))
    .toSorted((one, other) => other.part - one.part);
}

/**
 * @param {string} file
 * @returns {CpuProfile}
 */
export function readProfile(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** @param {CpuProfile['nodes'][number]['callFrame']} frame */
function nameOf({ functionName, url, lineNumber }) {
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return name;
  const place = url.replace(/^.*[/]node_modules[/]/, '').replace(/^.*[/](packages|services)[/]/, '$1/');
  return `${name} ${place}:${lineNumber + 1}`;
}
