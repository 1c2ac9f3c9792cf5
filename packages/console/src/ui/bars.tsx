import type { Tone } from './badge.tsx';

/** One stack of a chart, from the bottom up. */
export interface Bar {
  /** What it stands for, for who points at it: `23:14: 12 sent, 1 failed`. */
  title: string;
  parts: readonly { value: number; tone: Tone }[];
}

interface BarsProps {
  /** The whole in one sentence, for who does not see it. */
  label: string;
  bars: readonly Bar[];
  /** What stands under its two ends. */
  from: string;
  to: string;
}

const height = 56;
const pitch = 10;
const width = 7;

/** A small chart of stacked bars. Zero has a mark too, so that nothing looks like missing. */
export function Bars({ label, bars, from, to }: BarsProps) {
  const totalOf = ({ parts }: Bar): number => parts.reduce((sum, part) => sum + part.value, 0);
  const highest = Math.max(1, ...bars.map(totalOf));
  return (
    <figure class="bars">
      <svg
        viewBox={`0 0 ${bars.length * pitch} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {bars.map((bar, index) => (
          <g key={index}>
            <title>{bar.title}</title>
            <rect class="bar-zero" x={index * pitch} y={height - 1} width={width} height={1} />
            {stacked(bar, highest).map(({ tone, y, size }) => (
              <rect
                key={tone}
                class={`bar ${tone}`}
                x={index * pitch}
                y={y}
                width={width}
                height={size}
                rx={1}
              />
            ))}
          </g>
        ))}
      </svg>
      <figcaption class="row spread small muted">
        <span>{from}</span>
        <span>{to}</span>
      </figcaption>
    </figure>
  );
}

function stacked({ parts }: Bar, highest: number): { tone: Tone; y: number; size: number }[] {
  let top = height;
  return parts
    .filter(({ value }) => value > 0)
    .map(({ value, tone }) => {
      const size = Math.max(2, (value / highest) * (height - 4));
      top -= size;
      return { tone, y: top, size };
    });
}
