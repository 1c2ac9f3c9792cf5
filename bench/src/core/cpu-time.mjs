/**
 * Microseconds of this process's CPU time for each of `times` calls, a value per round. CPU and not wall time,
 * because others use the machine too; collecting the garbage counts. Calls of the first, longest round are not
 * counted: they compile.
 *
 * @param {{ times: number, rounds: number }} options
 * @param {(index: number) => void} work
 * @returns {number[]}
 */
export function cpuUsOfEach({ times, rounds }, work) {
  for (let index = 0; index < times; index += 1) work(index);
  return Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    for (let index = 0; index < times; index += 1) work(index);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / times;
  });
}
