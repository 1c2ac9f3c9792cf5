import type { Channel } from '@carillon/client';
import { Badge } from '../../ui/badge.tsx';
import { Instant } from '../../ui/time.tsx';

/** How a channel stands: the worst first. */
export function ChannelState({ channel, kindPaused }: { channel: Channel; kindPaused: boolean }) {
  const { enabled, paused_at: pausedAt, circuit } = channel;
  const isOpen = circuit.state === 'open';
  return (
    <span class="row">
      {isOpen && <Badge tone="bad">does not answer</Badge>}
      {!enabled && <Badge>switched off</Badge>}
      {pausedAt !== null && <Badge tone="warn">paused</Badge>}
      {kindPaused && <Badge tone="warn">kind paused</Badge>}
      {enabled && pausedAt === null && !kindPaused && !isOpen && <Badge tone="good">running</Badge>}
    </span>
  );
}

/** What the breaker does while a target does not answer; nothing while it does. */
export function CircuitNote({ circuit }: { circuit: Channel['circuit'] }) {
  if (circuit.state !== 'open') return null;
  return (
    <div class="note bad" role="status">
      <strong>The target has not answered ten times in a row</strong>
      <span>
        Since <Instant at={circuit.opened_at} exact />. One probe is sent every 30 seconds (next:{' '}
        <Instant at={circuit.probe_at} exact />
        ); the first that arrives lets everything flow again, and so does a change of the settings. What
        cannot go through another channel of the kind waits.
      </span>
    </div>
  );
}
