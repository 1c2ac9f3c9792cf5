import type { Answer, Channel } from '@carillon/client';
import { failed, ok, warning, type Finding } from './finding.ts';

type Overview = Answer<'getOverview'>;

/** Work is claimed within seconds; what waits longer has nobody who does it. */
const lateSeconds = 60;

/** What the API tells of an organization: who works, what is late, what was given up, what is paused. Pure. */
export function judgeOverview(overview: Overview): Finding[] {
  const { workers_alive: workers, oldest_due_seconds: lateFor, dead_letters: dead } = overview;
  const findings: Finding[] = [];
  if (workers === null) {
    findings.push(warning('Workers', 'nobody can say: the API does not reach Redis', 'see Redis above'));
  } else if (workers === 0) {
    findings.push(
      failed(
        'Workers',
        'none takes work',
        'start one: node services/worker/dist/bundle/main.js, or carillon up',
      ),
    );
  } else findings.push(ok('Workers', `${workers} alive`));
  if (lateFor > lateSeconds) {
    const detail = `the oldest has been due for ${lateFor} s, ${overview.due} deliveries are due`;
    findings.push(
      failed('What is due', detail, 'look at the logs of the workers; add workers if they are busy'),
    );
  } else findings.push(ok('What is due', `${overview.due} deliveries, ${overview.held} wait for their time`));
  if (dead > 0) {
    const detail = `${dead} deliveries were given up`;
    findings.push(
      warning('Dead letters', detail, 'carillon dead-letters, then carillon dead-letters replay'),
    );
  } else findings.push(ok('Dead letters', 'none'));
  if (overview.paused_at !== null) {
    findings.push(warning('Paused', `the organization, since ${overview.paused_at}`, 'carillon resume'));
  }
  if (overview.delivery_mode !== 'live') {
    const detail = `this installation is on trial (${overview.delivery_mode}): messages are kept back`;
    findings.push(warning('Delivery', detail, 'set CARILLON_DELIVERY=live when it is to send'));
  }
  return findings;
}

/** What each channel says of itself. Pure. */
export function judgeChannels(channels: readonly Channel[]): Finding[] {
  const found = channels.flatMap((channel): Finding[] => {
    const { name, kind, enabled, paused_at: pausedAt, circuit } = channel;
    const check = `Channel "${name}" (${kind})`;
    if (!enabled) return [];
    if (pausedAt !== null) {
      return [warning(check, `paused since ${pausedAt}`, `carillon resume channel "${name}"`)];
    }
    if (circuit.state === 'closed') return [];
    const detail = `its target does not answer since ${circuit.opened_at ?? 'a while'}; it is probed every 30 s`;
    return [failed(check, detail, `look at its settings, then carillon test "${name}"`)];
  });
  const enabled = channels.filter((channel) => channel.enabled).length;
  if (found.length > 0) return found;
  if (enabled === 0) {
    return [
      warning('Channels', 'none: people are told in their inbox alone', 'set one up: docs/channels.md'),
    ];
  }
  return [ok('Channels', `${enabled} run; carillon test NAME sends a message through one`)];
}
