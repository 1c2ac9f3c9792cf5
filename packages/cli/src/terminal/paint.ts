import { styleText } from 'node:util';
import type { Surroundings } from './streams.ts';

/** What a text means; each screen shows it in its own way. */
export type Tone = 'good' | 'warning' | 'bad' | 'dim' | 'strong' | 'accent';

export type Paint = (tone: Tone, text: string) => string;

const styles: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  ...{ good: 'green', warning: 'yellow', bad: 'red', accent: 'cyan' },
  ...{ dim: 'dim', strong: 'bold' },
};

/** Which stream it is for is looked at here, not by the library, which takes it for standard output. */
const decided = { validateStream: false };

/** Colours on a terminal, none in a pipe or with `NO_COLOR` (no-color.org); `FORCE_COLOR` has them everywhere. */
export function createPaint(
  { environment }: Pick<Surroundings, 'environment'>,
  stream: { isTTY?: boolean },
): Paint {
  const isForced = (environment['FORCE_COLOR'] ?? '0') !== '0';
  const isRefused = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  if (!isForced && (isRefused || stream.isTTY !== true)) return (_, text) => text;
  return (tone, text) => (text === '' ? '' : styleText(styles[tone], text, decided));
}
