import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { redactText } from '../redact.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { toConfig, type Config } from './config.ts';
import { describeSettings } from './describe.ts';
import { readSettings, type Environment } from './environment.ts';
import { settingFormats } from './formats.ts';
import { checkTogether } from './rules.ts';
import { settingsSchema, type Settings } from './settings.ts';

export interface LoadOptions {
  /** Text of the file that a `NAME_FILE` variable names; throws when it cannot be read. */
  readFile?: (path: string) => string;
}

/**
 * The settings of this process, read once at start. `NODE_ENV=production` makes it strict.
 * @throws ConfigError with every wrong, missing, contradictory or unknown setting at once.
 */
export function loadConfig(environment: Environment, options: LoadOptions = {}): Config {
  const readFile = options.readFile ?? ((path: string) => readFileSync(path, 'utf8'));
  const { values, problems } = readSettings(environment, readFile);
  const checked = checkEach(values);
  const single = [...problems, ...checked.problems];
  const production = checked.settings.NODE_ENV === 'production';
  const wrong = new Set(single.map(({ setting }) => setting));
  const all = [...single, ...checkTogether(checked.settings, production, wrong)];
  if (all.length > 0) throw new ConfigError(all);
  return toConfig(checked.settings, production);
}

/** Fills in defaults; wrong settings become problems and take their default, so that the rest can be judged. */
function checkEach(values: Record<string, unknown>): { settings: Settings; problems: ConfigProblem[] } {
  const validate = (compiled ??= compileSettings());
  const candidate: Record<string, unknown> = { ...values };
  if (validate(candidate)) return { settings: candidate, problems: [] };
  const problems = new Map<string, ConfigProblem>();
  for (const error of validate.errors ?? []) {
    const setting = settingOf(error);
    if (!problems.has(setting)) problems.set(setting, { setting, problem: problemOf(setting, error) });
  }
  const rest = Object.fromEntries(Object.entries(values).filter(([name]) => !problems.has(name)));
  if (!validate(rest)) throw new TypeError('The defaults of the settings do not fit their own schema');
  return { settings: rest, problems: [...problems.values()] };
}

let compiled: ValidateFunction<Settings> | undefined;

/** That the schema is of its draft is told by a test, not anew by each start. */
function compileSettings(): ValidateFunction<Settings> {
  const options = { allErrors: true, useDefaults: true, verbose: true, validateSchema: false };
  return new Ajv({ ...options, formats: settingFormats })
    .addVocabulary(['expects', 'shownDefault', 'secret', 'requiredInProduction'])
    .compile<Settings>(settingsSchema);
}

function settingOf(error: ErrorObject): string {
  return error.instancePath.split('/')[1] ?? '';
}

function problemOf(setting: string, error: ErrorObject): string {
  const described = describeSettings().find(({ name }) => name === setting);
  const expected = `expected ${described?.expects ?? 'another value'}`;
  if (described?.secret !== false) return `the value is not right (and is not shown); ${expected}`;
  return `${JSON.stringify(redactText(String(error.data)).slice(0, 80))} is not right; ${expected}`;
}
