import { dayName, daysText, quietWeek, wallOf, type QuietStretch, type QuietWindow } from './week.ts';

const hours = [0, 3, 6, 9, 12, 15, 18, 21, 24];
const dayMinutes = 24 * 60;
const rowHeight = 26;
const top = 22;
const start = 44;
const width = 720;

const xOf = (minute: number): number => start + (minute / dayMinutes) * width;
const yOf = (day: number): number => top + (day - 1) * rowHeight;

interface WeekPictureProps {
  window: QuietWindow;
  /** The zone that the window is meant in where it names none. */
  zone: string;
  now: Date;
}

/** A week on the wall of a zone, with what is quiet in it, and where it is now. The words below say the same. */
export function WeekPicture({ window, zone, now }: WeekPictureProps) {
  const week = quietWeek(window);
  if (week === undefined) {
    return <p class="note warn">These quiet hours cannot be understood, and count as none.</p>;
  }
  const shownZone = window.zone ?? zone;
  const wall = wallOf(now, shownZone);
  return (
    <figure class="week" tabIndex={0}>
      <svg
        viewBox={`0 0 ${start + width + 16} ${top + 7 * rowHeight + 4}`}
        role="img"
        aria-label={`Quiet: ${windowText(window)}, ${shownZone}`}
      >
        {hours.map((hour) => (
          <g key={hour}>
            <line
              class="week-line"
              x1={xOf(hour * 60)}
              x2={xOf(hour * 60)}
              y1={top}
              y2={top + 7 * rowHeight - 4}
            />
            <text class="week-text" x={xOf(hour * 60)} y={top - 8} text-anchor="middle">
              {String(hour).padStart(2, '0')}
            </text>
          </g>
        ))}
        {[1, 2, 3, 4, 5, 6, 7].map((day) => (
          <g key={day}>
            <text class="week-text" x={0} y={yOf(day) + 15}>
              {dayName(day)}
            </text>
            <rect class="week-day" x={start} y={yOf(day)} width={width} height={rowHeight - 4} rx={4} />
          </g>
        ))}
        {week.map((stretch) => (
          <Quiet key={`${stretch.day}-${stretch.fromMinute}`} stretch={stretch} />
        ))}
        {wall !== undefined && (
          <line
            class="week-now"
            x1={xOf(wall.minute)}
            x2={xOf(wall.minute)}
            y1={yOf(wall.day) - 2}
            y2={yOf(wall.day) + rowHeight - 2}
          />
        )}
      </svg>
      <figcaption class="muted small">
        {windowText(window)}, on the wall of {shownZone}
        {wall !== undefined && `, where it is ${dayName(wall.day)} ${clockText(wall.minute)} now`}
      </figcaption>
    </figure>
  );
}

function Quiet({ stretch }: { stretch: QuietStretch }) {
  const { day, fromMinute, toMinute } = stretch;
  const length = ((toMinute - fromMinute) / dayMinutes) * width;
  return (
    <rect class="week-quiet" x={xOf(fromMinute)} y={yOf(day)} width={length} height={rowHeight - 4} rx={4}>
      <title>
        {dayName(day)} {clockText(fromMinute)}–{clockText(toMinute)}
      </title>
    </rect>
  );
}

function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** "22:00–07:00, Mon–Fri". */
export function windowText({ start: from, end, days }: QuietWindow): string {
  return from === end ? 'never' : `${from}–${end}, ${daysText(days)}`;
}
