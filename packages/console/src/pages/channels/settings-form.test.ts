import { describe, expect, it } from '@jest/globals';
import { catalogue } from '@carillon/channels/catalogue';
import { fieldsOf, grouped, labelOf, readSettings, storedText, type SettingDraft } from './settings-form.ts';

const schema = {
  type: 'object',
  required: ['url', 'secret'],
  properties: {
    format: { type: 'string', enum: ['carillon', 'coder'], default: 'carillon' },
    url: { type: 'string', maxLength: 2048, description: 'Where to', examples: ['https://example.com'] },
    secret: { type: 'string', writeOnly: true, maxLength: 128 },
    key: { type: 'string', writeOnly: true, maxLength: 8192 },
    tries: { type: 'integer', minimum: 1, maximum: 5 },
    loud: { type: 'boolean' },
    outcome: { anyOf: [{ const: 'sent' }, { const: 'retry' }] },
    odd: { type: 'array' },
  },
};
const fields = fieldsOf(schema);
const typed = (texts: Record<string, string>) =>
  new Map(Object.entries(texts).map(([name, text]): [string, SettingDraft] => [name, { as: 'typed', text }]));
const nothingStored = () => false;

describe('a form of a JSON Schema', () => {
  it('asks for what is needed first, but not for what is made where it is left out', () => {
    expect(fields.map(({ name, required }) => (required ? `${name}!` : name))).toEqual([
      ...['url!', 'format', 'secret', 'key', 'tries', 'loud', 'outcome', 'odd'],
    ]);
    expect(fields[0]).toMatchObject({
      label: 'URL',
      description: 'Where to',
      example: 'https://example.com',
    });
    expect(fields[1]).toMatchObject({ usual: 'carillon', input: { type: 'choice' } });
  });

  it.each([
    { name: 'format', input: { type: 'choice', choices: ['carillon', 'coder'] } },
    { name: 'outcome', input: { type: 'choice', choices: ['sent', 'retry'] } },
    { name: 'url', input: { type: 'text', lengthMax: 2048 } },
    { name: 'secret', input: { type: 'secret', long: false, lengthMax: 128 } },
    { name: 'key', input: { type: 'secret', long: true, lengthMax: 8192 } },
    { name: 'tries', input: { type: 'number', whole: true, min: 1, max: 5 } },
    { name: 'loud', input: { type: 'flag' } },
    { name: 'odd', input: { type: 'json' } },
  ])('draws $name by its schema', ({ name, input }) => {
    expect(fields.find((one) => one.name === name)?.input).toEqual(input);
  });

  it('stands together by whose settings they are, what all share first', () => {
    const settings = catalogue.sms.settings as unknown as Record<string, unknown>;
    const groups = grouped(fieldsOf(settings)).map(({ group, fields: of }) => [group, of[0]?.name]);
    expect(groups).toEqual([
      ['', 'provider'],
      ['Twilio', 'account_sid'],
      ['Gateway', 'gateway_url'],
    ]);
  });

  it('has a field of a plain sort for every setting of every kind', () => {
    const drawn = Object.values(catalogue).flatMap(({ kind, settings }) =>
      fieldsOf(settings as unknown as Record<string, unknown>).map(({ name, input }) => ({
        kind,
        name,
        input,
      })),
    );
    expect(drawn.length).toBeGreaterThan(50);
    expect(drawn.filter(({ input }) => input.type === 'json')).toEqual([]);
  });

  it.each([
    ['smtp_url', 'SMTP URL'],
    ['reply_to', 'Reply to'],
    ['apns_key_id', 'APNs key id'],
  ])('calls %s "%s"', (name, label) => expect(labelOf(name)).toBe(label));
});

describe('what a form sends', () => {
  it('names only what was typed, as its schema asks', () => {
    const drafts = typed({ url: ' https://x.example ', tries: '3', loud: 'true', odd: '[1]', format: '' });
    expect(readSettings(fields, drafts, nothingStored).settings).toEqual({
      ...{ url: 'https://x.example', tries: 3, loud: true, odd: [1] },
    });
  });

  it('leaves what is stored alone, and takes away what was emptied or removed', () => {
    const drafts = new Map<string, SettingDraft>([
      ...typed({ format: '' }),
      ['secret', { as: 'removed' }],
      ['key', { as: 'stored' }],
    ]);
    expect(readSettings(fields, drafts, () => true).settings).toEqual({ format: null, secret: null });
  });

  it.each([
    { name: 'what is needed and empty', texts: {}, wrong: { url: 'must be filled in' } },
    { name: 'no number', texts: { url: 'x', tries: 'two' }, wrong: { tries: 'must be a whole number' } },
    { name: 'too much', texts: { url: 'x', tries: '6' }, wrong: { tries: 'must be 5 or less' } },
    { name: 'too little', texts: { url: 'x', tries: '0' }, wrong: { tries: 'must be 1 or more' } },
    { name: 'no JSON', texts: { url: 'x', odd: '[' }, wrong: { odd: 'must be JSON' } },
  ])('is refused with its field: $name', ({ texts, wrong }) => {
    const read = readSettings(fields, typed(texts as Record<string, string>), nothingStored);
    expect(Object.fromEntries(read.wrong ?? [])).toEqual(wrong);
  });
});

describe('what is stored', () => {
  it.each([
    { value: { set: true, last4: 'Y2Vz' }, shown: '••••Y2Vz' },
    { value: 'https://x', shown: 'https://x' },
    { value: 3, shown: '3' },
    { value: undefined, shown: undefined },
  ])('shows as $shown', ({ value, shown }) => expect(storedText(value)).toBe(shown));
});
