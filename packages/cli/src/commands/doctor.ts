import type { AddCommand } from '../catalogue.ts';
import { CommandError, exitCodes } from '../failure.ts';
import type { Tone } from '../terminal/paint.ts';
import { plain } from '../terminal/plain.ts';
import type { Finding } from '../doctor/finding.ts';

/** `carillon doctor`: ends with 1 when something failed. */
export const addDoctor: AddCommand = (program, cli) => {
  program
    .command('doctor')
    .description('look at database, Redis, workers, clocks, mail and channels, and say what to do')
    .addHelpText(
      'after',
      `
It looks at the API that other commands call, and at what DATABASE_URL, REDIS_URL and SMTP_URL name; of the local stack
it finds them by itself. Nothing is sent and nothing is changed.`,
    )
    .action(async () => {
      const { examine } = await import('../doctor/examine.ts');
      const { worstOf } = await import('../doctor/finding.ts');
      const findings = await examine(cli);
      const status = worstOf(findings);
      const lines = findings.flatMap(({ check, status: one, detail, remedy }) => {
        const { sign, tone } = signs[one];
        const line = `${cli.paint(tone, sign)} ${cli.paint('strong', plain(check))}: ${plain(detail)}`;
        return remedy === undefined ? [line] : [line, `    ${cli.paint('accent', '→')} ${plain(remedy)}`];
      });
      cli.show({ status, checks: findings }, lines);
      if (status !== 'failed') return;
      const count = findings.filter((one) => one.status === 'failed').length;
      throw new CommandError(
        exitCodes.failed,
        'cli.not_well',
        `${count} of ${findings.length} checks failed`,
      );
    });
};

const signs: Readonly<Record<Finding['status'], { sign: string; tone: Tone }>> = {
  ok: { sign: '✓', tone: 'good' },
  warning: { sign: '!', tone: 'warning' },
  failed: { sign: '✕', tone: 'bad' },
  skipped: { sign: '–', tone: 'dim' },
};
