import type { ComponentChildren } from 'preact';

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'quiet';

/** A state in one or two words. Never by colour alone: the word says it. */
export function Badge({ tone = 'quiet', children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

const tones: Readonly<Record<string, Tone>> = {
  // Of deliveries.
  pending: 'busy',
  sending: 'busy',
  sent: 'good',
  dead: 'bad',
  unknown: 'warn',
  // Of notifications.
  scheduled: 'busy',
  accepted: 'busy',
  placed: 'good',
  // Of attempts.
  retry: 'warn',
  rejected: 'bad',
  crashed: 'bad',
  // What providers tell.
  delivered: 'good',
  opened: 'good',
  answered: 'good',
  bounced: 'bad',
};

/** A state of a notification, a delivery or an attempt, with what it means by its colour. */
export function StateBadge({ state }: { state: string }) {
  return <Badge tone={tones[state] ?? 'quiet'}>{state.replaceAll('_', ' ')}</Badge>;
}
