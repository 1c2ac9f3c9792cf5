import { emitKeypressEvents } from 'node:readline';
import type { Surroundings } from '../terminal/streams.ts';
import type { Key } from './view.ts';

/** The whole terminal, for as long as it is open. */
export interface FullScreen {
  /** Draws soon, once for many calls. */
  redraw(): void;
  /** Gives the terminal back as it was. */
  close(): void;
}

export interface FullScreenOptions {
  render: (size: { width: number; height: number }) => readonly string[];
  onKey: (key: Key) => void;
  /** Nobody can press a key any more. */
  onEnd: () => void;
}

const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
/** What tells how long ago moves on by itself. */
const tickMs = 1_000;
/** A burst of changes is drawn once. */
const drawEveryMs = 40;

/** Takes the terminal: another screen, no cursor, keys as they are pressed. */
export function openFullScreen(
  { stdin, stdout }: Pick<Surroundings, 'stdin' | 'stdout'>,
  { render, onKey, onEnd }: FullScreenOptions,
): FullScreen {
  let drawing: NodeJS.Timeout | undefined;
  const draw = (): void => {
    drawing = undefined;
    const lines = render({ width: stdout.columns ?? 80, height: stdout.rows ?? 24 });
    stdout.write(`\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\r\n')}\u001b[J`);
  };
  const redraw = (): void => {
    drawing ??= setTimeout(draw, drawEveryMs);
  };
  const onKeypress = (_text: string | undefined, key: Key): void => onKey(key);
  const tick = setInterval(redraw, tickMs);
  emitKeypressEvents(stdin);
  stdin.setRawMode?.(true);
  stdin.on('keypress', onKeypress);
  stdin.once('end', onEnd);
  stdin.resume();
  stdout.on('resize', draw);
  stdout.write(enter);
  draw();
  return {
    redraw,
    close() {
      clearInterval(tick);
      clearTimeout(drawing);
      stdin.off('keypress', onKeypress);
      stdin.off('end', onEnd);
      stdin.setRawMode?.(false);
      stdin.pause();
      stdout.off('resize', draw);
      stdout.write(leave);
    },
  };
}
