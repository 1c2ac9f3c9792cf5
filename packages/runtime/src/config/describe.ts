import type { TSchema } from 'typebox';
import { renderTable } from '../markdown-table.ts';
import { settingsSchema } from './settings.ts';

/** One line of the table of settings. */
export interface SettingDescription {
  name: string;
  /** `list` is written with commas, `flag` as true or false. */
  type: 'text' | 'number' | 'flag' | 'list';
  /** As README shows it; empty when there is none. */
  default: string;
  description: string;
  /** What a right value is; completes "expected …". */
  expects: string;
  /** Never shown; may also be given as the path of a file in `NAME_FILE`. */
  secret: boolean;
  requiredInProduction: boolean;
}

/** All settings in the order of README's table. */
export function describeSettings(): SettingDescription[] {
  return Object.entries<TSchema>(settingsSchema.properties).map(([name, schema]) => ({
    name,
    type: typeOf(schema),
    default: defaultOf(schema),
    description: textOf(schema, 'description'),
    expects: textOf(schema, 'expects'),
    secret: wordOf(schema, 'secret') === true,
    requiredInProduction: wordOf(schema, 'requiredInProduction') === true,
  }));
}

/** The table of settings as Markdown, exactly as README has it. */
export function renderSettingsTable(): string {
  const rows = describeSettings().map(
    ({ name, default: shown, description, secret, requiredInProduction }) => {
      const marks = [secret ? 'secret' : '', requiredInProduction ? 'required in production' : ''];
      const said = marks.filter((mark) => mark !== '').join(', ');
      return [`\`${name}\``, shown, said === '' ? description : `${description} (${said})`];
    },
  );
  return renderTable(['Setting', 'Default', 'What it does'], rows);
}

function typeOf(schema: TSchema): SettingDescription['type'] {
  switch (wordOf(schema, 'type')) {
    case 'integer':
      return 'number';
    case 'boolean':
      return 'flag';
    case 'array':
      return 'list';
    default:
      return 'text';
  }
}

function defaultOf(schema: TSchema): string {
  const shown = textOf(schema, 'shownDefault');
  if (shown !== '') return shown;
  const value = wordOf(schema, 'default');
  const isShown = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isShown ? `\`${value}\`` : '';
}

function textOf(schema: TSchema, word: string): string {
  const value = wordOf(schema, word);
  return typeof value === 'string' ? value : '';
}

function wordOf(schema: TSchema, word: string): unknown {
  return Reflect.get(schema, word);
}
