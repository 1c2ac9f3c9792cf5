import { CarillonError } from '@carillon/core';

/** One thing that is wrong with the settings. Never holds the value of a secret. */
export interface ConfigProblem {
  setting: string;
  /** A sentence: what is wrong and what would be right. */
  problem: string;
}

/** The settings cannot be used. Lists every wrong one, so that one look mends them all. */
export class ConfigError extends CarillonError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ setting, problem }) => `  ${setting}: ${problem}`);
    const heading =
      problems.length === 1 ? 'One setting is wrong:' : `${problems.length} settings are wrong:`;
    super('config.invalid', [heading, ...lines].join('\n'));
    this.problems = problems;
  }
}
