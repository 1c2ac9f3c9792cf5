const long = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const short = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
});
const precise = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' },
});
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

interface InstantProps {
  at: string | null | undefined;
  /** In full, with the year. */
  exact?: boolean;
  /** To the second. */
  seconds?: boolean;
}

/** An instant in the zone of who looks at it: short, and in full when it is pointed at. */
export function Instant({ at, exact = false, seconds = false }: InstantProps) {
  if (at == null) return <span class="muted">–</span>;
  const instant = new Date(at);
  return (
    <time dateTime={at} title={`${long.format(instant)} (${zone()}) · ${at}`} class="nowrap">
      {(exact ? long : seconds ? precise : short).format(instant)}
    </time>
  );
}

/** The time of day, to the second. */
export function timeOfDay(at: string): string {
  return clock.format(new Date(at));
}

/** The zone that every instant of the console is told in. */
export function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

const steps = [
  { below: 1000, divisor: 1, unit: 'ms' },
  { below: 60_000, divisor: 1000, unit: 's' },
  { below: 3_600_000, divisor: 60_000, unit: 'min' },
  { below: 86_400_000, divisor: 3_600_000, unit: 'h' },
] as const;

/** A length of time in its largest unit: `840 ms`, `1.2 s`, `3 min`, `2 d`. */
export function formatDuration(ms: number): string {
  const step = steps.find(({ below }) => Math.abs(ms) < below);
  const { divisor, unit } = step ?? { divisor: 86_400_000, unit: 'd' };
  const value = ms / divisor;
  const digits = unit !== 'ms' && Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`;
}

/** Between two instants on the wire. */
export function durationBetween(from: string, to: string): string {
  return formatDuration(Date.parse(to) - Date.parse(from));
}
