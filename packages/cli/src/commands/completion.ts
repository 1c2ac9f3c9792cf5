import type { AddCommand } from '../catalogue.ts';
import { complete, scripts, shells } from '../completion.ts';
import { UsageError } from '../failure.ts';

/** `carillon completion`: a script for each shell, and what that script asks at each Tab. */
export const addCompletion: AddCommand = (program, cli) => {
  const completion = program
    .command('completion')
    .description('print what makes your shell complete commands: bash, zsh or fish')
    .argument('<shell>', shells.join(', '))
    .addHelpText(
      'after',
      `
  bash: echo 'source <(carillon completion bash)' >> ~/.bashrc
  zsh:  echo 'source <(carillon completion zsh)' >> ~/.zshrc
  fish: carillon completion fish > ~/.config/fish/completions/carillon.fish
`,
    )
    .action((wanted) => {
      const shell = shells.find((one) => one === wanted);
      if (shell === undefined) throw new UsageError(`"${wanted}" is none of ${shells.join(', ')}`);
      cli.show({ shell, script: scripts[shell] }, scripts[shell]);
    });

  completion
    .command('words', { hidden: true })
    .argument('[word...]')
    .option('--describe')
    .action((words, { describe }) => {
      const candidates = complete(program, words);
      const lines = candidates.map(({ text, description }) =>
        describe === true ? `${text}\t${description}` : text,
      );
      cli.show(candidates, lines);
    });
};
