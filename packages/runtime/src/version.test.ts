import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { version } from './version.ts';

it('says the version that package.json says', () => {
  const path = new URL('../../../package.json', import.meta.url);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ version });
});
