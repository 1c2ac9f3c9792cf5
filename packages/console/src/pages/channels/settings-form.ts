/** What a field of a form is drawn as. */
export type FieldInput =
  | { type: 'text'; lengthMax: number | undefined }
  /** Its stored value is never shown. Long ones (keys in PEM, key files) have several lines. */
  | { type: 'secret'; long: boolean; lengthMax: number | undefined }
  | { type: 'number'; whole: boolean; min: number | undefined; max: number | undefined }
  | { type: 'choice'; choices: readonly string[] }
  | { type: 'flag' }
  /** What no simpler field can show: JSON. */
  | { type: 'json' };

/** One setting of a channel as a form shows it. */
export interface SettingField {
  name: string;
  label: string;
  description: string;
  /** Whose settings it is one of, where a kind can be served by several: "Twilio"; empty for what all share. */
  group: string;
  required: boolean;
  /** What counts where it is left out. */
  usual: string;
  example: string;
  input: FieldInput;
}

interface PropertySchema {
  type?: unknown;
  description?: unknown;
  default?: unknown;
  examples?: unknown;
  writeOnly?: unknown;
  enum?: unknown;
  anyOf?: unknown;
  minimum?: unknown;
  maximum?: unknown;
  maxLength?: unknown;
}

/**
 * The fields for the JSON Schema of a kind's settings, those that must be filled in first. `generated` are required
 * settings that Carillon makes where they are left out.
 */
export function fieldsOf(
  schema: Readonly<Record<string, unknown>>,
  generated: ReadonlySet<string> = new Set(['secret']),
): SettingField[] {
  const { properties, required } = schema;
  const needed = new Set(Array.isArray(required) ? required : []);
  const fields = withGroups(
    Object.entries(isObject(properties) ? properties : {}).map(([name, property]) =>
      fieldOf(name, isObject(property) ? property : {}, needed.has(name) && !generated.has(name)),
    ),
  );
  return [...fields.filter((one) => one.required), ...fields.filter((one) => !one.required)];
}

function fieldOf(name: string, property: PropertySchema, required: boolean): SettingField {
  const { description, default: usual, examples } = property;
  return {
    ...{ name, label: labelOf(name), required, group: '' },
    description: typeof description === 'string' ? description : '',
    usual: plainText(usual),
    example: Array.isArray(examples) ? plainText(examples[0]) : '',
    input: inputOf(property),
  };
}

/** Descriptions begin with whose setting it is ("Twilio: Account SID"); what only one has is no group. */
function withGroups(fields: readonly SettingField[]): SettingField[] {
  const parts = fields.map(({ description }) => /^([A-Z][A-Za-z]+): (.*)$/s.exec(description) ?? []);
  return fields.map((field, index) => {
    const [, group, rest = ''] = parts[index] ?? [];
    const isShared = parts.filter(([, other]) => other === group).length > 1;
    if (group === undefined || !isShared) return field;
    return { ...field, group, description: rest.charAt(0).toUpperCase() + rest.slice(1) };
  });
}

/** The fields as a form shows them: those that all share, then group by group. */
export function grouped(fields: readonly SettingField[]): { group: string; fields: SettingField[] }[] {
  const groups = new Map<string, SettingField[]>([['', []]]);
  for (const field of fields) groups.set(field.group, [...(groups.get(field.group) ?? []), field]);
  return [...groups].map(([group, of]) => ({ group, fields: of })).filter((one) => one.fields.length > 0);
}

/** From how many characters on a secret has several lines: keys do, tokens do not. */
const longSecretLength = 4_096;

function inputOf(property: PropertySchema): FieldInput {
  const lengthMax = numberOrNone(property.maxLength);
  const choices = choicesOf(property);
  if (choices !== undefined) return { type: 'choice', choices };
  switch (property.type) {
    case 'string':
      if (property.writeOnly !== true) return { type: 'text', lengthMax };
      return { type: 'secret', long: (lengthMax ?? 0) >= longSecretLength, lengthMax };
    case 'integer':
    case 'number': {
      const [min, max] = [numberOrNone(property.minimum), numberOrNone(property.maximum)];
      return { type: 'number', whole: property.type === 'integer', min, max };
    }
    case 'boolean':
      return { type: 'flag' };
    default:
      return { type: 'json' };
  }
}

/** Texts of a closed list, written as `enum` or as `anyOf` of `const`. */
function choicesOf(property: PropertySchema): readonly string[] | undefined {
  const values = Array.isArray(property.anyOf)
    ? property.anyOf.map((one: unknown) => (isObject(one) ? one['const'] : undefined))
    : property.enum;
  if (!Array.isArray(values) || values.length === 0) return undefined;
  return values.every((one) => typeof one === 'string') ? values : undefined;
}

const wordsAsTheyAre: Readonly<Record<string, string>> = {
  api: 'API',
  apns: 'APNs',
  dkim: 'DKIM',
  fcm: 'FCM',
  id: 'id',
  ms: '(ms)',
  sid: 'SID',
  smtp: 'SMTP',
  ttl: 'TTL',
  url: 'URL',
  vapid: 'VAPID',
};

/** `smtp_url` becomes "SMTP URL", `reply_to` "Reply to". */
export function labelOf(name: string): string {
  const words = name.split('_').map((word) => wordsAsTheyAre[word] ?? word);
  const [first = '', ...others] = words;
  return [first.charAt(0).toUpperCase() + first.slice(1), ...others].join(' ');
}

/** What a form holds for a setting: nothing was done to it, a text was typed, or it is to be taken away. */
export type SettingDraft = { as: 'stored' } | { as: 'typed'; text: string } | { as: 'removed' };

/** The settings to send: what was not touched is not named, null takes one away; or what is wrong, by field. */
export type ReadSettings =
  | { settings: Record<string, unknown>; wrong?: undefined }
  | { wrong: Map<string, string>; settings?: undefined };

export function readSettings(
  fields: readonly SettingField[],
  drafts: ReadonlyMap<string, SettingDraft>,
  isStored: (name: string) => boolean,
): ReadSettings {
  const settings: Record<string, unknown> = {};
  const wrong = new Map<string, string>();
  for (const field of fields) {
    const read = readOne(field, drafts.get(field.name) ?? { as: 'stored' }, isStored(field.name));
    if ('wrong' in read) wrong.set(field.name, read.wrong);
    else if ('value' in read) settings[field.name] = read.value;
  }
  return wrong.size > 0 ? { wrong } : { settings };
}

type ReadOne = { value: unknown } | { wrong: string } | { unchanged: true };

function readOne(field: SettingField, draft: SettingDraft, stored: boolean): ReadOne {
  const text = draft.as === 'typed' ? draft.text : '';
  if (draft.as === 'stored' && (stored || !field.required)) return { unchanged: true };
  if (text.trim() === '') {
    if (field.required) return { wrong: 'must be filled in' };
    return stored ? { value: null } : { unchanged: true };
  }
  return readText(field.input, text);
}

function readText(input: FieldInput, text: string): ReadOne {
  switch (input.type) {
    case 'number':
      return readNumber(input, text);
    case 'flag':
      return { value: text === 'true' };
    case 'json':
      try {
        return { value: JSON.parse(text) as unknown };
      } catch {
        return { wrong: 'must be JSON' };
      }
    default:
      return { value: input.type === 'secret' ? text : text.trim() };
  }
}

function readNumber({ whole, min, max }: FieldInput & { type: 'number' }, text: string): ReadOne {
  const value = Number(text);
  if (!Number.isFinite(value) || (whole && !Number.isInteger(value))) {
    return { wrong: whole ? 'must be a whole number' : 'must be a number' };
  }
  if (min !== undefined && value < min) return { wrong: `must be ${min} or more` };
  if (max !== undefined && value > max) return { wrong: `must be ${max} or less` };
  return { value };
}

/** What is stored of a setting, as a form shows it; undefined where nothing is. A secret shows its last characters. */
export function storedText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (isObject(value) && value['set'] === true) {
    const last = typeof value['last4'] === 'string' ? value['last4'] : '';
    return `••••${last}`;
  }
  return plainText(value);
}

function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}

function numberOrNone(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
