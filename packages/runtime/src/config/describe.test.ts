import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { describeSettings, renderSettingsTable } from './describe.ts';
import { loadConfig } from './load.ts';
import { settingsSchema } from './settings.ts';

describe('the table of settings', () => {
  it('is made from a schema of its draft', () => {
    const ajv = new Ajv({ strict: false });
    expect(ajv.validateSchema(settingsSchema) === true ? [] : ajv.errors).toEqual([]);
  });

  it('has a description and an expectation for each', () => {
    const bare = describeSettings().filter(
      ({ description, expects }) => description === '' || expects === '',
    );
    expect(bare).toEqual([]);
  });

  it('shows defaults that are accepted when they are written out', () => {
    const written = describeSettings().flatMap(({ name, default: shown }) => {
      const value = /^`([^`]+)`$/.exec(shown)?.[1];
      return value === undefined || name === 'CARILLON_PUBLIC_URL' ? [] : [[name, value]];
    });
    expect(written.length).toBeGreaterThan(10);
    expect(loadConfig(Object.fromEntries(written))).toEqual(loadConfig({}));
  });

  it('marks every setting that may hold a credential as secret', () => {
    const secret = describeSettings().filter((setting) => setting.secret);
    expect(secret.map(({ name }) => name).toSorted()).toEqual([
      'CARILLON_ADMIN_TOKEN',
      'CARILLON_JWT_SECRET',
      'CARILLON_SECRET_KEY',
      'CARILLON_SECRET_KEY_PREVIOUS',
      'DATABASE_URL',
      'REDIS_URL',
      'SMTP_URL',
    ]);
  });

  it('renders one line for each setting', () => {
    const table = renderSettingsTable();
    expect(table.split('\n')).toHaveLength(describeSettings().length + 2);
    expect(table).toMatch(/\| `PORT` +\| `8080` +\| Port of the API; 0 picks a free one +\|/);
    expect(table).toMatch(/\| `REDIS_URL` +\|.*\(secret, required in production\) +\|/);
  });
});
