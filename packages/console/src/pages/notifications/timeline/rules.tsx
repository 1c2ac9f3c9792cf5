import { Badge } from '../../../ui/badge.tsx';
import { Instant } from '../../../ui/time.tsx';
import type { Explanation } from './timeline.ts';

/** What the notification rules of the recipient did, and what comes next. */
export function Rules({ rules }: { rules: NonNullable<Explanation['rules']> }) {
  const { steps, next, sentence, state } = rules;
  return (
    <div class="stack">
      <p class="row">
        <Badge tone={state === 'running' ? 'busy' : 'quiet'}>{state}</Badge>
        <span>{sentence}</span>
      </p>
      <ol class="track upright">
        {steps.map(({ sequence, decision, at, sentence: said }) => (
          <li key={sequence} class={`step ${tones[decision] ?? 'quiet'}`}>
            <span class="dot" aria-hidden="true" />
            <div class="step-text">
              <strong>{said}</strong>
              <span class="small muted">
                {' '}
                <Instant at={at} />
              </span>
            </div>
          </li>
        ))}
        {next !== null && (
          <li class="step waits busy">
            <span class="dot" aria-hidden="true" />
            <div class="step-text">
              <strong>Next: {next.sentence}</strong>
              <span class="small muted">
                {' '}
                <Instant at={next.at} />
              </span>
            </div>
          </li>
        )}
      </ol>
    </div>
  );
}

const tones: Readonly<Record<string, string>> = {
  send: 'good',
  wait: 'busy',
  hold: 'warn',
  suppress: 'quiet',
};
