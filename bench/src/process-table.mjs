import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second, whatever the kernel was built with (proc(5)). */
const tickUs = 10_000;

/** @typedef {{ pid: number, parentPid: number, cpuUs: number, endedChildrenCpuUs: number }} ProcessStat */

/**
 * Reads a line of /proc/<pid>/stat. The name may hold spaces and brackets, so fields count from its last one.
 *
 * @param {string} line
 * @returns {ProcessStat}
 */
export function parseStat(line) {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = (/** @type {number} */ field) => Number(fields[field]) * tickUs;
  return {
    pid: Number.parseInt(line, 10),
    parentPid: Number(fields[1]),
    cpuUs: ticks(11) + ticks(12),
    endedChildrenCpuUs: ticks(13) + ticks(14),
  };
}

/**
 * CPU time that a process and, as with PostgreSQL, its children have used up to now, those that ended included.
 *
 * @param {number} pid
 * @returns {number} microseconds
 */
export function treeCpuUs(pid) {
  const own = readStat(pid);
  if (own === undefined) throw new Error(`Process ${pid} has ended in the middle of the benchmark`);
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? [])
    .filter((stat) => stat.parentPid === pid);
  return children.reduce((sum, child) => sum + child.cpuUs, own.cpuUs + own.endedChildrenCpuUs);
}

/**
 * Memory that a process holds in RAM.
 *
 * @param {number} pid
 * @returns {number} bytes
 */
export function residentBytes(pid) {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (line?.[1] === undefined) throw new Error(`Process ${pid} shows no resident memory`);
  return Number(line[1]) * 1024;
}

/** @param {number} pid */
function readStat(pid) {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined; // ended while we looked
  }
}
