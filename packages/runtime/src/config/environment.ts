import { closestMatch } from 'leven';
import type { ConfigProblem } from './config-error.ts';
import { describeSettings, type SettingDescription } from './describe.ts';

/** Variables by name, as a process gets them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of this process. Only `main.ts` files call it; everything else gets a `Config`. */
export function readEnvironment(): Environment {
  return process.env;
}

export interface RawSettings {
  /** Converted where the text allows it; otherwise the text, for the schema to refuse. */
  values: Record<string, unknown>;
  problems: ConfigProblem[];
}

/**
 * The settings that the environment names, not yet checked. An empty variable counts as not set, since
 * compose files cannot leave one out. Secrets are also read from the file that `NAME_FILE` names.
 * @param readFile returns the text of a file or throws.
 */
export function readSettings(environment: Environment, readFile: (path: string) => string): RawSettings {
  const settings = describeSettings();
  const problems = unknownVariables(environment, settings);
  const values: Record<string, unknown> = {};
  for (const setting of settings) {
    const found = textOf(environment, setting, readFile);
    if (found.problem !== undefined) problems.push({ setting: setting.name, problem: found.problem });
    if (found.text !== undefined) values[setting.name] = convert(setting.type, found.text);
  }
  return { values, problems };
}

function textOf(
  environment: Environment,
  setting: SettingDescription,
  readFile: (path: string) => string,
): { text?: string; problem?: string } {
  const text = given(environment, setting.name);
  const path = setting.secret ? given(environment, `${setting.name}_FILE`) : undefined;
  if (path === undefined) return text === undefined ? {} : { text };
  if (text !== undefined)
    return { problem: `is set twice, also as ${setting.name}_FILE; keep one of the two` };
  try {
    const content = readFile(path).trim();
    return content === '' ? { problem: `the file ${path} is empty` } : { text: content };
  } catch (error) {
    return { problem: `the file ${path} cannot be read${reasonOf(error)}` };
  }
}

function given(environment: Environment, name: string): string | undefined {
  const text = environment[name]?.trim();
  return text === '' ? undefined : text;
}

function convert(type: SettingDescription['type'], text: string): unknown {
  switch (type) {
    case 'number':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case 'flag':
      return (
        new Map([
          ['true', true],
          ['1', true],
          ['false', false],
          ['0', false],
        ]).get(text.toLowerCase()) ?? text
      );
    case 'list':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
    default:
      return text;
  }
}

/** Of commands that call an API, and of tests: no settings of a service. */
const otherVariables = [
  'CARILLON_URL',
  'CARILLON_TOKEN',
  'CARILLON_TOKEN_FILE',
  'CARILLON_CONFIG',
  'CARILLON_FAULT',
  'CARILLON_TESTS',
  'CARILLON_CHROMIUM',
];

/** A misspelt setting would otherwise be ignored in silence. The names that tests use are not settings. */
function unknownVariables(
  environment: Environment,
  settings: readonly SettingDescription[],
): ConfigProblem[] {
  const names = settings.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
  return Object.keys(environment)
    .filter((name) => name.startsWith('CARILLON_') && !names.includes(name))
    .filter((name) => !otherVariables.includes(name) && !name.startsWith('CARILLON_TEST_'))
    .map((name) => {
      const near = closestMatch(name, names, { maxDistance: 6 });
      const hint = near === undefined ? 'remove it' : `did you mean ${near}?`;
      return { setting: name, problem: `is no setting of Carillon; ${hint}` };
    });
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
}
