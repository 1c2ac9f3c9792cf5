import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/** One way to go on with a line. */
export interface Candidate {
  text: string;
  description: string;
}

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/**
 * How a line may go on. `words` are those after `carillon`; the last is the one that is being written, perhaps empty.
 * Empty where a value is written that only its author knows: the shell then offers files.
 */
export function complete(program: CommandUnknownOpts, words: readonly string[]): Candidate[] {
  const written = words.slice(0, -1);
  const partial = words.at(-1) ?? '';
  let command = program;
  let argumentCount = 0;
  for (let index = 0; index < written.length; index += 1) {
    const word = written[index] ?? '';
    if (word.startsWith('-')) {
      if (takesValue(program, command, word)) index += 1;
      if (index >= written.length) return [];
      continue;
    }
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (next === undefined) argumentCount += 1;
    else command = next;
  }
  const named = argumentCount === 0 ? commandsOf(command) : [];
  const all = partial.startsWith('-')
    ? optionsOf(program, command)
    : [...named, ...choicesOf(command, argumentCount)];
  return all.filter(({ text }) => text.startsWith(partial));
}

function takesValue(program: CommandUnknownOpts, command: CommandUnknownOpts, word: string): boolean {
  const option = [...command.options, ...program.options].find(
    ({ long, short }) => word === long || word === short,
  );
  return option !== undefined && (option.required || option.optional);
}

function optionsOf(program: CommandUnknownOpts, command: CommandUnknownOpts): Candidate[] {
  const options = command === program ? program.options : [...command.options, ...program.options];
  const own = options.map(({ long, flags, description }) => ({ text: long ?? flags, description }));
  return [...own, { text: '--help', description: 'show what it does' }];
}

function commandsOf(command: CommandUnknownOpts): Candidate[] {
  const visible = command.createHelp().visibleCommands(command);
  return command.commands
    .filter((one) => visible.includes(one))
    .map((one) => ({ text: one.name(), description: one.description() }));
}

/** What the next argument may be, where that is one of a few words. */
function choicesOf(command: CommandUnknownOpts, argumentCount: number): Candidate[] {
  const choices = command.registeredArguments[argumentCount]?.argChoices ?? [];
  return choices.map((text) => ({ text, description: '' }));
}

/** What a shell is to be told so that it completes `carillon`. */
export const scripts: Readonly<Record<Shell, string>> = {
  bash: `_carillon() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(carillon completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _carillon carillon`,
  // Read by an rc file, it says what completes `carillon`; as a file that zsh loads at the first Tab, it also completes.
  zsh: `#compdef carillon
_carillon() {
  local -a candidates
  candidates=("\${(@f)$(carillon completion words --describe -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=("\${(@)candidates//:/\\:}")
  candidates=("\${(@)candidates/$'\\t'/:}")
  if [[ -n "\${candidates[1]}" ]]; then _describe carillon candidates; else _files; fi
}
if [[ "\${funcstack[1]}" == _carillon ]]; then
  _carillon "$@"
else
  (( \${+functions[compdef]} )) || { autoload -Uz compinit && compinit }
  compdef _carillon carillon
fi`,
  // Without -f, fish would offer files beside commands too.
  fish: `function __carillon_candidates
  set -l found (carillon completion words --describe -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c carillon -f -a '(__carillon_candidates)'`,
};
