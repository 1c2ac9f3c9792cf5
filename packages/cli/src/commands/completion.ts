import { Argument } from '@commander-js/extra-typings';
import type { AddCommand } from '../catalogue.ts';
import { complete, scripts, shells } from '../completion.ts';

/** `carillon completion`: a script for each shell, and what that script asks at each Tab. */
export const addCompletion: AddCommand = (program, cli) => {
  const completion = program
    .command('completion')
    .description('print what makes your shell complete commands: bash, zsh or fish')
    .addArgument(new Argument('<shell>', 'what you type into').choices(shells))
    .addHelpText(
      'after',
      `
  bash: echo 'source <(carillon completion bash)' >> ~/.bashrc
  zsh:  echo 'source <(carillon completion zsh)' >> ~/.zshrc
  fish: carillon completion fish > ~/.config/fish/completions/carillon.fish
`,
    )
    .action((shell) => {
      cli.show({ shell, script: scripts[shell] }, scripts[shell]);
    });

  completion
    .command('words', { hidden: true })
    .argument('[word...]')
    .option('--describe')
    .action((words, { describe }) => {
      const candidates = complete(program, words);
      const lines = candidates.map(({ text, description }) =>
        describe === true && description !== '' ? `${text}\t${description}` : text,
      );
      cli.show(candidates, lines);
    });
};
