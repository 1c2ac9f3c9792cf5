import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildOpenApi } from '@carillon/contracts';

describe('the shapes that the client names', () => {
  it('all have a name in the document too, of which those of the published package are made', () => {
    const source = readFileSync(new URL('wire.ts', import.meta.url), 'utf8');
    const names = /export type \{([^}]+)\} from/.exec(source)?.[1]?.match(/\w+/g) ?? [];
    const { schemas = {} } = buildOpenApi({
      version: '0',
      publicUrl: 'https://carillon.example.com',
    }).components;
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !(name in schemas))).toEqual([]);
  });
});
