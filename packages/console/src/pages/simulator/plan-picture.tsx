import { wallAt } from './instant.ts';
import { marksOf, type Lane, type Picture } from './lanes.ts';

const start = 120;
const width = 500;
const top = 30;
const laneHeight = 34;

/** A plan drawn along the time: what waits, and what comes when. The list below says the same in words. */
export function PlanPicture({ picture, zone }: { picture: Picture; zone: string }) {
  const { from, to, lanes } = picture;
  if (lanes.length === 0) return null;
  const xOf = (at: number): number => start + ((at - from) / (to - from)) * width;
  const bottom = top + lanes.length * laneHeight;
  const offsetMs = Date.parse(`${wallAt(new Date(from), zone)}:00Z`) - Math.floor(from / 60_000) * 60_000;
  return (
    <figure class="plan" tabIndex={0}>
      <svg viewBox={`0 0 ${start + width + 40} ${bottom + 6}`} role="img" aria-label={spoken(picture, zone)}>
        {marksOf(picture, offsetMs).map((mark) => (
          <g key={mark}>
            <line class="week-line" x1={xOf(mark)} x2={xOf(mark)} y1={top - 6} y2={bottom} />
            <text class="week-text" x={xOf(mark)} y={top - 12} text-anchor="middle">
              {markText(mark, zone)}
            </text>
          </g>
        ))}
        {lanes.map((lane, index) => (
          <LaneRow key={lane.kind} lane={lane} y={top + index * laneHeight + laneHeight / 2} xOf={xOf} />
        ))}
        <line class="plan-from" x1={xOf(from)} x2={xOf(from)} y1={top - 6} y2={bottom} />
      </svg>
    </figure>
  );
}

function LaneRow({ lane, y, xOf }: { lane: Lane; y: number; xOf: (at: number) => number }) {
  const { held, sent, title } = lane;
  return (
    <g>
      <text class="plan-lane" x={0} y={y + 4}>
        {title}
      </text>
      <line class="plan-track" x1={start} x2={start + width} y1={y} y2={y} />
      {held !== undefined && (
        <rect
          class="plan-held"
          x={xOf(held.from)}
          y={y - 8}
          width={xOf(held.to) - xOf(held.from)}
          height={16}
          rx={4}
        />
      )}
      {sent.map((at) => (
        <circle
          key={at}
          class={lane.decision === 'place' ? 'plan-placed' : 'plan-sent'}
          cx={xOf(at)}
          cy={y}
          r={7}
        />
      ))}
    </g>
  );
}

function markText(at: number, zone: string): string {
  const wall = wallAt(new Date(at), zone);
  const [day = '', time = ''] = wall.split('T');
  return time === '00:00' ? day.slice(5) : time;
}

function spoken({ lanes }: Picture, zone: string): string {
  const parts = lanes.map(({ title, sent, held }) => {
    const times = sent.map((at) => wallAt(new Date(at), zone).replace('T', ' ')).join(', ');
    return `${title}: ${held === undefined ? '' : 'held, then '}${times}`;
  });
  return `What comes when (${zone}). ${parts.join('; ')}`;
}
