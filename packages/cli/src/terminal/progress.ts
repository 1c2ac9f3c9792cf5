import type { Output } from './streams.ts';

/** How far long work is. */
export interface Progress {
  advance(by: number): void;
  /** Takes the bar off the screen. */
  end(): void;
}

const barWidth = 28;
const drawEveryMs = 100;

/** A bar on a terminal; in a pipe nothing at all. */
export function createProgress(
  stderr: Output,
  { label, total, isQuiet }: { label: string; total: number; isQuiet: boolean },
): Progress {
  if (stderr.isTTY !== true || isQuiet) return { advance: () => undefined, end: () => undefined };
  let done = 0;
  let drawnAtMs = -drawEveryMs;
  const draw = (): void => {
    const nowMs = performance.now();
    if (done < total && nowMs - drawnAtMs < drawEveryMs) return;
    drawnAtMs = nowMs;
    stderr.write(`\r\u001b[K${renderProgress(label, done, total)}`);
  };
  draw();
  return {
    advance(by) {
      done += by;
      draw();
    },
    end: () => void stderr.write('\r\u001b[K'),
  };
}

export function renderProgress(label: string, done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * barWidth);
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  return `${label} ${bar} ${Math.floor(share * 100)} %  ${done}/${total}`;
}
