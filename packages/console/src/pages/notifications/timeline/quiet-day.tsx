import type { QuietPicture } from './timeline.ts';

const width = 288;
const pixelsPerHour = width / 24;

/** One day from midnight to midnight: the quiet window, and what the clock showed when it was decided. */
export function QuietDay({ quiet }: { quiet: QuietPicture }) {
  const { start, end, zone, local } = quiet;
  const label = `Quiet from ${start} to ${end}${zone === null ? '' : ` (${zone})`}`;
  const spoken = local === undefined ? label : `${label}; it was ${local}`;
  return (
    <figure class="quiet-day">
      <svg viewBox={`0 0 ${width} 34`} role="img" aria-label={spoken}>
        <rect class="day" x={0} y={4} width={width} height={14} rx={4} />
        {stretchesOf(start, end).map(([from, to]) => (
          <rect
            key={from}
            class="quiet"
            x={from * pixelsPerHour}
            y={4}
            width={(to - from) * pixelsPerHour}
            height={14}
            rx={4}
          />
        ))}
        {local !== undefined && (
          <line
            class="now"
            x1={hourOf(local) * pixelsPerHour}
            x2={hourOf(local) * pixelsPerHour}
            y1={1}
            y2={21}
          />
        )}
        {[0, 6, 12, 18, 24].map((hour) => (
          <text key={hour} x={hour * pixelsPerHour} y={31} text-anchor={anchorOf(hour)}>
            {String(hour).padStart(2, '0')}
          </text>
        ))}
      </svg>
      <figcaption class="small muted">{spoken}</figcaption>
    </figure>
  );
}

/** A window that crosses midnight is two stretches of one day; one whose ends meet is none. */
export function stretchesOf(start: string, end: string): [number, number][] {
  const [from, to] = [hourOf(start), hourOf(end)];
  if (from === to) return [];
  if (from < to) return [[from, to]];
  const all: [number, number][] = [
    [0, to],
    [from, 24],
  ];
  return all.filter(([first, last]) => first < last);
}

function hourOf(wallTime: string): number {
  const [hour = 0, minute = 0] = wallTime.split(':').map(Number);
  return hour + minute / 60;
}

function anchorOf(hour: number): 'start' | 'middle' | 'end' {
  if (hour === 0) return 'start';
  return hour === 24 ? 'end' : 'middle';
}
