import type { Overview } from '@carillon/client';
import { formatDuration } from '../../ui/time.tsx';

/** Something that an operator should know before any figure. */
export interface Warning {
  tone: 'bad' | 'warn';
  title: string;
  text: string;
  /** Where something can be done about it. */
  path?: string;
  link?: string;
}

/** Lateness from which on it is no mere burst: the alert that docs/metrics.md recommends. */
const lateSeconds = 60;

/** What stands above the figures, the worst first; nothing when all is well. */
export function warningsOf(overview: Overview): Warning[] {
  const { workers_alive: workers, oldest_due_seconds: late, paused_at: pausedAt, kinds } = overview;
  const silent = kinds.reduce((sum, kind) => sum + kind.not_answering, 0);
  const warnings: (Warning | false)[] = [
    workers === 0 && {
      ...{ tone: 'bad', title: 'No worker is alive' },
      text: 'Notifications are accepted and wait: nothing enters an inbox, and nothing is sent.',
    },
    workers === null && {
      ...{ tone: 'warn', title: 'Redis does not answer' },
      text: 'Everything goes on by the sweeps over PostgreSQL, some seconds later than usual.',
    },
    late > lateSeconds && {
      ...{ tone: 'bad', title: `Work has been due for ${formatDuration(late * 1000)}` },
      text: 'More comes in than the workers manage, or something keeps them from it.',
      ...{ path: '/deliveries', link: 'Look at deliveries' },
    },
    pausedAt !== null && {
      ...{ tone: 'warn', title: 'The organization is paused' },
      text: 'What is accepted waits until it is resumed.',
      ...{ path: '/settings', link: 'To the settings' },
    },
    silent > 0 && {
      tone: 'warn',
      title: silent === 1 ? 'The target of a channel does not answer' : `${silent} channels get no answer`,
      text: 'Only probes are sent there; what waits goes out when one gets through.',
      ...{ path: '/channels', link: 'Look at channels' },
    },
    overview.delivery_mode !== 'live' && {
      ...{ tone: 'warn', title: 'This installation is on trial' },
      text: 'Messages to the outside are kept back and written down.',
      ...{ path: '/captured', link: 'Look at them' },
    },
  ];
  return warnings.filter((warning) => warning !== false);
}
