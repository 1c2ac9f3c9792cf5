import type { RedisFacts } from '@carillon/queue';
import { failed, ok, shownBytes, warning, type Finding } from './finding.ts';

const check = 'Redis';

/** What facts of a Redis mean for Carillon. Pure. */
export function judgeRedis(facts: RedisFacts): Finding[] {
  const { name, version, evictionPolicy, usedBytes, limitBytes, roundTripMs } = facts;
  const found: Finding[] = [];
  if (Number(version.split('.')[0]) < 7) {
    found.push(failed(check, `version ${version} is too old`, 'use Redis 7 or later, or Valkey'));
  }
  if (evictionPolicy !== undefined && evictionPolicy !== 'noeviction') {
    found.push(
      warning(
        check,
        `its eviction policy is ${evictionPolicy}: when memory runs out it throws hints away, and work waits for a sweep`,
        'set maxmemory-policy noeviction, and give Carillon a Redis of its own',
      ),
    );
  }
  if (limitBytes > 0 && usedBytes > limitBytes * 0.9) {
    const detail = `${shownBytes(usedBytes)} of ${shownBytes(limitBytes)} are used`;
    found.push(warning(check, detail, 'raise maxmemory, or see whether the workers keep up'));
  }
  if (roundTripMs > 20) {
    const detail = `an answer takes ${roundTripMs.toFixed(0)} ms`;
    found.push(warning(check, detail, 'run it beside the services'));
  }
  if (found.length > 0) return found;
  const limit = limitBytes === 0 ? '' : ` of ${shownBytes(limitBytes)}`;
  const detail = `${name} ${version}, answers in ${roundTripMs.toFixed(1)} ms; ${shownBytes(usedBytes)}${limit} used`;
  return [ok(check, detail)];
}
