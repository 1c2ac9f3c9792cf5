import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs `work` while no other process does, by a file that names its holder. The lock of a process that was
 * killed is taken over.
 *
 * @param {string} file
 * @param {{ onWait: () => void }} options
 * @param {() => Promise<void>} work
 */
export async function withLock(file, { onWait }, work) {
  const own = `${process.pid} ${startOf(process.pid)}`;
  let hasWaited = false;
  while (!tryLock(file, own)) {
    if (!hasWaited) onWait();
    hasWaited = true;
    await delay(300);
  }
  try {
    await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * @param {string} file
 * @param {string} own
 */
function tryLock(file, own) {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, own, { mode: 0o600 });
  try {
    // A link is made whole or not at all, so nobody ever reads a lock without its holder.
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    removeIfStale(file);
    return false;
  } finally {
    unlinkSync(mine);
  }
}

/** @param {string} file */
function removeIfStale(file) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    const holder = readFileSync(file, 'utf8');
    const [pid = '', start = ''] = holder.split(' ');
    if (startOf(Number(pid)) === start) return;
    // Moved, not removed: of several that found it stale one gets it, and sees whether it is still that one.
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== holder) linkSync(aside, file);
  } catch {
    // Given back or taken over by another one in this very moment.
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * When a process began, so that a pid which was handed out again is told from its first owner; '-' where
 * the system does not say (then living is enough); empty for a process that is gone.
 *
 * @param {number} pid
 */
function startOf(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return '';
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
  } catch {
    return '-';
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
